import { madeByInWords } from "@swirl-ts/core"
import { percent as inPercent, interval, sizeColumns, unguardedInWords } from "@swirl-ts/report"
import {
  type CellEvaluation,
  cellOf,
  type EvaluateRequest,
  evaluateCells,
  leaksInWords,
  openOutcomeJudge,
} from "@swirl-ts/stages"
import { ciOptions, writeCiFiles } from "../ci/ci-files.ts"
import { evaluationReport, type ReportedCell } from "../ci/evaluation-report.ts"
import type { CommandContext } from "../context.ts"
import { type MergedCell, mergedCells } from "../merged-cells.ts"
import { onCluster } from "../on-cluster.ts"
import type { OptionTable } from "../options/option.ts"
import { judgeOptions, tasks } from "../options/requests.ts"
import {
  cacheOptions,
  clusterOptions,
  failOnError,
  judgeModelOptions,
  leak,
  modelOptions,
  outcomeJudgeOfModel,
  replayTools,
  requestOptions,
  runOptions,
  taskOptions,
  toolOptions,
  tools,
} from "../options/tables.ts"
import { numberOrNone, positive, share } from "../options/values.ts"
import { mergedLines } from "../render/merged-run.ts"
import { table } from "../render/table.ts"
import { toolErrors } from "../render/tool-errors.ts"
import { sayReplayed, withReplayedTools } from "../replayed-tools.ts"
import { defineCommand } from "./command.ts"

const percent = (value: number | undefined): string => (value === undefined ? "–" : inPercent(value))

const options = {
  epochs: { value: "<n>", help: "samples a task", parse: positive, default: 1 },
  temperature: { value: "<t>", help: "0 is greedy (default: 0); none: the server's own", parse: numberOrNone },
  failOnError,
  threshold: { value: "<accuracy>", help: "exit code 100 below this", parse: share },
  judge: {
    ...outcomeJudgeOfModel,
    help: "an outcome judge says which answers are right, too: a metric of its own beside the official ones, e.g. llm",
  },
  leak,
  ...ciOptions,
  tools,
  replayTools,
  ...taskOptions,
  ...clusterOptions,
  ...toolOptions,
  ...runOptions,
  ...modelOptions,
  ...requestOptions,
  ...cacheOptions,
  ...judgeModelOptions,
} as const satisfies OptionTable

const whole = Object.fromEntries(
  Object.keys(ciOptions).map((name) => [
    name,
    `--${name} is written where the samples are evaluated. With --engine leave it out, and give the same command once more without --engine: all samples are there then.`,
  ]),
)

export const command = defineCommand({
  name: "eval",
  description: "roll out, score, and write one final record a sample; run again to continue",
  arguments: { benchmarks: { many: true, help: "names, or <benchmark>/<split> where they differ in it" } },
  options,
  async run(outer, given) {
    const merged = await onCluster(outer, { name: "eval", options, whole, here: ["threshold"] }, given)
    if (merged) return { merged, cells: await mergedCells(outer) }
    const context = await withReplayedTools(outer, given.replayTools)
    const { benchmarks, epochs, temperature, judge, split, model, leak, tools: asked } = given
    const outcomes = judge ? openOutcomeJudge(context, judge, judgeOptions(given)) : undefined
    try {
      const measured = { epochs, temperature, outcomes, leak, tools: asked }
      const asking = tasks(context, given)
      const requests: EvaluateRequest[] = []
      for (const name of benchmarks) requests.push({ ...asking, ...(await cellOf(context, name, split)), ...measured })
      const evaluated = await evaluate(context, requests)
      sayReplayed(context)
      const cells = evaluated.map(({ cell }) => cell)
      await writeCiFiles(context.host, given, () =>
        evaluationReport(`swirl eval: ${model}`, evaluated, given, {
          rows: evaluatedRows(cells),
          notes: notesOf(cells),
        }),
      )
      return { model, cells }
    } finally {
      await outcomes?.close()
    }
  },
  document: ({ merged, ...made }) => (merged ? { ...merged, ...made } : made),
  text: (made) =>
    made.merged
      ? [...mergedLines(made.merged), ...table(scoreRows(made.cells))]
      : [...table(evaluatedRows(made.cells)), ...notesOf(made.cells), ...judgedTable(made.cells)],
  exitCode(made, { failOnError, threshold = 0 }) {
    if (made.merged) return made.cells.some(({ accuracy }) => accuracy < threshold) ? 100 : 0
    const { cells } = made
    const missing = (c: CellEvaluation): number => c.errors + Math.max(c.unscored, c.judged?.unscored ?? 0)
    if (cells.some((c) => missing(c) > failOnError * c.samples)) return 3
    return cells.some((c) => (c.accuracy ?? 0) < threshold) ? 100 : 0
  },
})

/** What is said below the table, a line each. */
const notesOf = (cells: readonly CellEvaluation[]): string[] => [
  ...cells.map(({ benchmark, metrics, metricSamples = {} }) => {
    const all = Object.entries(metrics).map(([name, value]) => {
      const some = metricSamples[name]
      return `${name} ${Number(value.toFixed(3))}${some === undefined ? "" : ` (n ${some})`}`
    })
    return `  ${benchmark}: ${all.join(" · ")}`
  }),
  ...cells.flatMap((c) => madeByInWords(c.madeBy).map((said) => `  ${c.benchmark}/${c.split}: ${said}`)),
  ...cells.flatMap(leakNote),
  ...cells.flatMap((c) => mostFrequent(c.reasons).map((line) => `  ${c.benchmark}: ${line}`)),
  ...cells.flatMap((c) => toolErrors(c.tools).map((line) => `  ${c.benchmark}: ${line}`)),
]

const counts = ["answered", "limit", "errors", "unscored"] as const

const scoreRows = (cells: readonly MergedCell[]): string[][] => {
  const [sizes, sizeOf] = sizeColumns(cells)
  return [
    ["benchmark", "split", "metric", "score", "95 % interval", ...sizes, "unscored"],
    ...cells.map((c) => [
      c.benchmark,
      c.split,
      c.metric,
      percent(c.accuracy),
      interval(c.ci, percent),
      ...sizeOf(c),
      String(c.unscored ?? 0),
    ]),
  ]
}

function evaluatedRows(cells: readonly CellEvaluation[]): string[][] {
  const [sizes, sizeOf] = sizeColumns(cells)
  const coverage = cells.some((c) => c.coverage) ? ["coverage"] : []
  const leaked = cells.some((c) => c.leaked) ? ["leaked"] : []
  return [
    ["benchmark", "split", "metric", "score", "95 % interval", ...sizes, ...counts, ...coverage, ...leaked],
    ...cells.map((c) => [
      c.benchmark,
      c.split,
      c.metric,
      percent(c.accuracy),
      c.ci ? interval(c.ci, percent) : "–",
      ...sizeOf(c),
      ...counts.map((name) => String(c[name])),
      ...coverage.map(() => coverageShare(c)),
      ...leaked.map(() => String(c.leaked ?? 0)),
    ]),
  ]
}

/** Of the questions whose gold passages are known, those whose corpus holds all of them. */
const coverageShare = ({ coverage: { known, held } = { known: 0, held: 0 } }: CellEvaluation): string =>
  known === 0 ? "–" : `${percent(held / known)} % (${held}/${known})`

/** What the column means. */
const leakNote = ({ benchmark, split, leaked, leaks = {}, unguarded }: CellEvaluation): string[] => [
  ...(leaked
    ? [`  ${benchmark}/${split}: the policy has seen ${leaked} of the questions: ${leaksInWords(leaks)}`]
    : []),
  ...(unguarded ? [`  ${benchmark}/${split}: ${unguardedInWords(unguarded)}`] : []),
]

/** What is finished is said where a later one fails. */
async function evaluate(context: CommandContext, requests: readonly EvaluateRequest[]): Promise<ReportedCell[]> {
  const finished: ReportedCell[] = []
  try {
    await evaluateCells(context, requests, { onCell: (cell, samples) => finished.push({ cell, samples }) })
    return finished
  } catch (error) {
    for (const { cell } of finished)
      context.host.log(
        `${cell.benchmark}/${cell.split} is finished: ${cell.metric} ${percent(cell.accuracy)}, n ${cell.n}, ${cell.file}`,
      )
    throw error
  }
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
  if (judged.length === 0) return []
  const [sizes, sizeOf] = sizeColumns(judged)
  return [
    "",
    ...table([
      ["benchmark", "split", "judged", "95 % interval", ...sizes, "unscored"],
      ...judged.map((c) => [
        c.benchmark,
        c.split,
        percent(c.accuracy),
        c.ci ? interval(c.ci, percent) : "–",
        ...sizeOf(c),
        String(c.unscored),
      ]),
    ]),
    ...judged.flatMap((c) =>
      Object.entries(c.unscoredReasons).map(([reason, count]) => `  ${c.benchmark}: unscored: ${count} x ${reason}`),
    ),
  ]
}
