import { evaluateCell } from "@swirl-ts/experiment"
import { type Command, Option } from "commander"
import {
  type CommonOptions,
  decimal,
  integer,
  openApp,
  withCommonOptions,
  withModelOptions,
  withRunOptions,
} from "../app.ts"
import { table } from "../table.ts"
import { parseShard, type TaskOptions, taskOptions, withTaskOptions } from "../task-options.ts"

interface EvalOptions extends CommonOptions, TaskOptions {
  epochs: number
  temperature: number
  failOnError: number
  threshold?: number
}

export function registerEval(program: Command): void {
  withTaskOptions(
    withModelOptions(
      withRunOptions(
        withCommonOptions(
          program
            .command("eval")
            .description("roll out, score, and write one final record a sample; run again to continue")
            .argument("<benchmarks...>")
            .addOption(new Option("--epochs <n>", "samples a task").argParser(integer).default(1))
            .addOption(new Option("--temperature <t>", "0 is greedy").argParser(decimal).default(0))
            .addOption(
              new Option("--fail-on-error <share>", "exit code 3 above this share of errors and unscored samples")
                .argParser(decimal)
                .default(0),
            )
            .addOption(new Option("--threshold <accuracy>", "exit code 100 below this").argParser(decimal)),
        ),
      ),
    ),
  ).action(async (benchmarks: string[], options: EvalOptions) => {
    const { context, output } = await openApp(options)
    const cells = []
    for (const benchmark of benchmarks) {
      cells.push(
        await evaluateCell(context, {
          ...taskOptions(options),
          ...parseShard(options.shard),
          benchmark,
          split: options.split ?? context.registry.resolve("benchmarks", benchmark).value.evaluationSplit ?? "test",
          epochs: options.epochs,
          temperature: options.temperature,
        }),
      )
    }
    output.result(
      { model: options.model, cells },
      table([
        ["benchmark", "split", "metric", "accuracy", "95 % interval", "n", "answered", "limit", "errors", "unscored"],
        ...cells.map((c) => [
          c.benchmark,
          c.split,
          c.metric,
          c.accuracy === undefined ? "–" : (100 * c.accuracy).toFixed(1),
          c.ci ? `${(100 * c.ci[0]).toFixed(1)} to ${(100 * c.ci[1]).toFixed(1)}` : "–",
          String(c.n),
          String(c.answered),
          String(c.limit),
          String(c.errors),
          String(c.unscored),
        ]),
      ]),
    )
    const bad = cells.some((c) => c.errors + c.unscored > options.failOnError * c.samples)
    const low = options.threshold !== undefined && cells.some((c) => (c.accuracy ?? 0) < options.threshold!)
    if (bad) process.exitCode = 3
    else if (low) process.exitCode = 100
  })
}
