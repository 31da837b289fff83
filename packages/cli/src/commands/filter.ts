import { filter, openJudge, openOutcomeJudge } from "@swirl-ts/stages"
import { type Command, Option } from "commander"
import { type CommonOptions, dataOption, openApp, share, withCommonOptions, withRunOptions } from "../app.ts"
import { type JudgeModelOptions, judgeModelOptions, withJudgeModelOptions } from "../judge-options.ts"

interface FilterOptions extends CommonOptions, JudgeModelOptions {
  strategy: string
  judge?: string
  noise?: number
  outcomeJudge?: string
  outcomeTemplate?: string
}

export function registerFilter(program: Command): void {
  withJudgeModelOptions(
    withRunOptions(
      withCommonOptions(
        program
          .command("filter")
          .description("which trajectories are kept for training")
          .addOption(
            new Option("--strategy <filter>", "none, process, outcome or process+outcome")
              .env("SWIRL_STRATEGY")
              .default("process"),
          )
          .addOption(new Option("--judge <name>", "whose verdicts count (default: grounded)").env("SWIRL_JUDGE"))
          .addOption(new Option("--noise <share>", "the noise that the steps were judged with").argParser(share))
          .addOption(
            new Option(
              "--outcome-judge <name>",
              "whose word on the final answer is the outcome, e.g. llm (default: the benchmark's official score)",
            ),
          )
          .addOption(new Option("--outcome-template <file>", "as --template, for the outcome judge"))
          .addOption(dataOption()),
      ),
    ),
  ).action(async (options: FilterOptions) => {
    const { context, output, stepJudge } = await openApp(options)
    const asked = judgeModelOptions(options)
    const judge = options.judge ?? (options.judgeModel && !options.outcomeJudge ? "llm" : stepJudge)
    // Beside an outcome judge the options of --judge-model are that one's alone, unless the judge of steps asks a model, too.
    const shared = !options.outcomeJudge || openJudge(context, judge).asksModel
    const judgeOptions = {
      ...(shared ? asked : {}),
      ...(options.noise === undefined ? {} : { noise: options.noise }),
    }
    const outcomes = options.outcomeJudge
      ? openOutcomeJudge(context, options.outcomeJudge, {
          ...asked,
          template: options.outcomeTemplate,
        })
      : undefined
    const result = await filter(context, {
      strategy: options.strategy,
      judge,
      ...(Object.keys(judgeOptions).length > 0 ? { judgeOptions } : {}),
      outcomes,
    }).finally(() => outcomes?.close())
    output.result(result, [
      `${result.strategy}${result.outcomeJudge ? ` (outcome by ${result.outcomeJudge})` : ""}: ${result.kept} of ${result.total} trajectories kept, ${result.keptRight} of them with the right answer`,
      `${result.dropped} dropped${result.unscored ? `, ${result.unscored} of them for want of a verdict` : ""}`,
    ])
    if (result.unscored > 0) process.exitCode = 3
  })
}
