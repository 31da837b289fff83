import { type CellEvaluation, cellOf, evaluateCell, openOutcomeJudge, selectTasks } from "@swirl-ts/stages"
import { type Command, Option } from "commander"
import {
  type CommonOptions,
  decimal,
  openApp,
  positive,
  share,
  withCommonOptions,
  withModelOptions,
  withRunOptions,
} from "../app.ts"
import { type JudgeModelOptions, judgeModelOptions, judgeName, withJudgeModelOptions } from "../judge-options.ts"
import { table } from "../table.ts"
import { parseShard, type TaskOptions, taskOptions, withTaskOptions } from "../task-options.ts"

interface EvalOptions extends CommonOptions, TaskOptions, JudgeModelOptions {
  epochs: number
  temperature: number
  failOnError: number
  threshold?: number
  judge?: string
}

const percent = (value: number | undefined): string => (value === undefined ? "–" : (100 * value).toFixed(1))
const interval = (ci: readonly [number, number] | undefined): string =>
  ci ? `${percent(ci[0])} to ${percent(ci[1])}` : "–"

export function registerEval(program: Command): void {
  withJudgeModelOptions(
    withTaskOptions(
      withModelOptions(
        withRunOptions(
          withCommonOptions(
            program
              .command("eval")
              .description("roll out, score, and write one final record a sample; run again to continue")
              .argument("<benchmarks...>", "names, or <benchmark>/<split> where they differ in it")
              .addOption(new Option("--epochs <n>", "samples a task").argParser(positive).default(1))
              .addOption(new Option("--temperature <t>", "0 is greedy").argParser(decimal).default(0))
              .addOption(
                new Option("--fail-on-error <share>", "exit code 3 above this share of errors and unscored samples")
                  .argParser(share)
                  .default(0),
              )
              .addOption(new Option("--threshold <accuracy>", "exit code 100 below this").argParser(share))
              .addOption(
                new Option(
                  "--judge <name>",
                  "an outcome judge says which answers are right, too: a metric of its own beside the official ones, e.g. llm",
                ),
              ),
          ),
        ),
      ),
    ),
  ).action(async (benchmarks: string[], options: EvalOptions) => {
    const { context, output } = await openApp(options)
    const judge = judgeName(options, "")
    const outcomes = judge ? openOutcomeJudge(context, judge, judgeModelOptions(options)) : undefined
    const cells: CellEvaluation[] = []
    try {
      const requests = []
      for (const name of benchmarks)
        requests.push({
          ...taskOptions(options),
          ...parseShard(options.shard),
          ...(await cellOf(context, name, options.split)),
        })
      // A file that is missing or broken is found before the first of several benchmarks is paid for.
      if (requests.length > 1)
        for (const { benchmark, split } of requests)
          await selectTasks(context, context.directory, benchmark, { split, limit: 1 })
      for (const request of requests) {
        cells.push(
          await evaluateCell(context, {
            ...request,
            epochs: options.epochs,
            temperature: options.temperature,
            outcomes,
          }),
        )
      }
    } catch (error) {
      for (const c of cells)
        context.host.log(
          `${c.benchmark}/${c.split} is finished: ${c.metric} ${percent(c.accuracy)}, n ${c.n}, ${c.file}`,
        )
      throw error
    } finally {
      await outcomes?.close()
    }
    output.result({ model: options.model, cells }, [
      ...table([
        ["benchmark", "split", "metric", "score", "95 % interval", "n", "answered", "limit", "errors", "unscored"],
        ...cells.map((c) => [
          c.benchmark,
          c.split,
          c.metric,
          percent(c.accuracy),
          interval(c.ci),
          String(c.n),
          String(c.answered),
          String(c.limit),
          String(c.errors),
          String(c.unscored),
        ]),
      ]),
      ...cells.map(
        ({ benchmark, metrics }) =>
          `  ${benchmark}: ${Object.entries(metrics)
            .map(([name, value]) => `${name} ${Number(value.toFixed(3))}`)
            .join(" · ")}`,
      ),
      ...cells.flatMap((c) => mostFrequent(c.reasons).map((line) => `  ${c.benchmark}: ${line}`)),
      ...(outcomes ? ["", ...judgedTable(cells)] : []),
    ])
    const missing = (c: CellEvaluation): number => c.errors + Math.max(c.unscored, c.judged?.unscored ?? 0)
    const bad = cells.some((c) => missing(c) > options.failOnError * c.samples)
    const low = options.threshold !== undefined && cells.some((c) => (c.accuracy ?? 0) < options.threshold!)
    if (bad) process.exitCode = 3
    else if (low) process.exitCode = 100
  })
}

/** Why samples have no score; the records say it of each. */
function mostFrequent(reasons: Readonly<Record<string, number>>, most = 5): string[] {
  const sorted = Object.entries(reasons).sort(([, a], [, b]) => b - a)
  const rest = sorted.slice(most)
  return [
    ...sorted.slice(0, most).map(([reason, count]) => `${count} x ${reason}`),
    ...(rest.length > 0 ? [`${rest.reduce((sum, [, count]) => sum + count, 0)} x ${rest.length} other reasons`] : []),
  ]
}

/** The judge's word on the same answers: no official metric. */
function judgedTable(cells: readonly CellEvaluation[]): string[] {
  const judged = cells.flatMap(({ benchmark, split, judged }) => (judged ? [{ benchmark, split, ...judged }] : []))
  return [
    ...table([
      ["benchmark", "split", "judged", "95 % interval", "n", "unscored"],
      ...judged.map((c) => [
        c.benchmark,
        c.split,
        percent(c.accuracy),
        interval(c.ci),
        String(c.n),
        String(c.unscored),
      ]),
    ]),
    ...judged.flatMap((c) =>
      Object.entries(c.unscoredReasons).map(([reason, count]) => `  ${c.benchmark}: unscored: ${count} x ${reason}`),
    ),
  ]
}
