import { generate, generateUntilKept } from "@swirl-ts/stages"
import { type Command, Option } from "commander"
import {
  type CommonOptions,
  decimal,
  openApp,
  positive,
  withCommonOptions,
  withModelOptions,
  withRunOptions,
} from "../app.ts"
import { type JudgeModelOptions, judgeModelOptions, judgeName, withJudgeModelOptions } from "../judge-options.ts"
import { parseShard, type TaskOptions, taskOptions, withTaskOptions } from "../task-options.ts"

interface GenerateOptions extends CommonOptions, TaskOptions, JudgeModelOptions {
  samples: number
  temperature: number
  untilKept?: number
  strategy: string
  judge?: string
  atMost?: number
}

export function registerGenerate(program: Command): void {
  withTaskOptions(
    withJudgeModelOptions(
      withModelOptions(
        withRunOptions(
          withCommonOptions(
            program
              .command("generate")
              .description("trajectories with tool calls; run again to continue")
              .argument("<benchmarks...>")
              .addOption(new Option("--samples <n>", "trajectories a task").argParser(positive).default(1))
              .addOption(new Option("--temperature <t>", "training needs 1").argParser(decimal).default(1))
              .addOption(
                new Option("--until-kept <n>", "generate, judge and filter until this many are kept").argParser(
                  positive,
                ),
              )
              .addOption(
                new Option("--strategy <filter>", "with --until-kept").env("SWIRL_STRATEGY").default("process"),
              )
              .addOption(new Option("--judge <name>", "with --until-kept (default: grounded)").env("SWIRL_JUDGE"))
              .addOption(
                new Option("--at-most <n>", "with --until-kept: stop at this many trajectories").argParser(positive),
              ),
          ),
        ),
      ),
    ),
    "train",
  ).action(async (benchmarks: string[], options: GenerateOptions) => {
    const { context, output, stepJudge } = await openApp(options)
    const request = {
      ...taskOptions(options),
      ...parseShard(options.shard),
      benchmarks,
      split: options.split ?? "train",
      samples: options.samples,
      temperature: options.temperature,
    }
    const result = options.untilKept
      ? await generateUntilKept(context, {
          ...request,
          kept: options.untilKept,
          strategy: options.strategy,
          judge: judgeName(options, stepJudge),
          judgeOptions: judgeModelOptions(options),
          atMost: options.atMost,
        })
      : await generate(context, request)
    output.result(result, [
      `${result.trajectories} trajectories in ${context.directory} (${result.reused} were there already)`,
      `${result.answered} answered, ${result.stepLimit} at the step limit, ${result.tokenLimit} at the token limit, ${result.errors} with errors`,
      `${result.steps} steps: ${result.toolCalls} tool calls, ${result.malformed} malformed`,
      ...("kept" in result ? [`${result.kept} kept by ${options.strategy}`] : []),
    ])
    if (result.errors > 0) process.exitCode = 3
  })
}
