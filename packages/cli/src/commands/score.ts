import { readFile, stat } from "node:fs/promises"
import { basename, dirname, join, resolve } from "node:path"
import { errorMessage, SwirlError } from "@swirl-ts/core"
import { percent, points } from "@swirl-ts/report"
import { type RescoredCell, type Rescoring, rescore } from "@swirl-ts/stages"
import type { CommandContext } from "../context.ts"
import { dataOptions } from "../options/tables.ts"
import { path } from "../options/values.ts"
import { table } from "../render/table.ts"
import { defineCommand } from "./command.ts"

export const command = defineCommand({
  name: "score",
  description:
    "the official scorer of a benchmark on official files; or the evaluations of a run folder scored again, without asking a model",
  arguments: { benchmark: { help: "with --gold and --predictions a benchmark, e.g. gsm8k; else a run folder" } },
  options: {
    gold: { value: "<file>", parse: path, help: "reference answers, in the official format" },
    predictions: { value: "<file>", parse: path, help: "predictions, in the official format" },
    items: { help: "also the metrics of every question, in gold order" },
    out: {
      value: "<run folder>",
      parse: path,
      help: "of a run folder: where the new scores are written, beside the old ones (default: its name with -rescored)",
    },
    ...dataOptions,
  },
  async run(context, { benchmark: name, gold, predictions, out }) {
    if (gold !== undefined && predictions !== undefined) return scoreFiles(context, name, gold, predictions)
    if (gold !== undefined || predictions !== undefined)
      throw usage("Official files are scored in pairs: give both --gold <file> and --predictions <file>.")
    const { workingDirectory } = context.host
    const from = resolve(workingDirectory, name)
    if (!(await stat(from).catch(() => undefined))?.isDirectory())
      throw usage(
        context.registry.has("benchmarks", name)
          ? `Of ${name}, official files are scored: --gold <file> --predictions <file>. To score a run folder's evaluations again, name that folder.`
          : `${name} is no run folder. To score official files, name their benchmark, --gold <file> and --predictions <file>.`,
      )
    const to = resolve(workingDirectory, out ?? join(dirname(from), `${basename(from)}-rescored`))
    if (to === from) throw usage("The old scores stay as they are: --out has to be another folder.")
    return rescore(context, { from, to })
  },
  document: (result, given) => {
    if ("cells" in result) return result
    const { metrics, items } = result
    return given.items ? { metrics, items } : { metrics }
  },
  text: (result) => ("cells" in result ? rescoredText(result) : officialText(result)),
  exitCode: (result) => ("cells" in result && result.cells.some(({ newlyUnscored }) => newlyUnscored > 0) ? 3 : 0),
})

async function scoreFiles({ registry, host }: CommandContext, name: string, gold: string, predictions: string) {
  const { value: benchmark, fullName } = registry.resolve("benchmarks", name)
  if (!benchmark.files?.score) throw usage(`${fullName} has no official files to score.`)
  const report = benchmark.files.score(await read(gold, "gold"), await read(predictions, "predictions"))
  const { metrics, items, notes = [] } = report
  for (const note of notes) host.log(`${fullName}: ${note}`)
  return { fullName, metrics, items }
}

const officialText = ({ fullName, metrics, items }: Awaited<ReturnType<typeof scoreFiles>>): string[] => [
  `${fullName}: ${items.length} questions`,
  ...Object.entries(metrics).map(([metric, value]) => `  ${metric}  ${value}`),
]

function rescoredText({ from, to, cells }: Rescoring): string[] {
  const share = (value: number | undefined): string => (value === undefined ? "–" : percent(value))
  const change = ({ before, after }: RescoredCell): string =>
    before === undefined || after === undefined ? "–" : points(after - before)
  return [
    ...table([
      [
        "benchmark",
        "split",
        "policy",
        "metric",
        "then",
        "now",
        "change",
        "changed",
        "higher",
        "lower",
        "unscored",
        "n",
      ],
      ...cells.map((cell) => [
        cell.benchmark,
        cell.split,
        cell.policy,
        metricText(cell),
        share(cell.before),
        share(cell.after),
        change(cell),
        ...[cell.changed, cell.higher, cell.lower, cell.unscored, cell.samples].map(String),
      ]),
    ]),
    ...cells.flatMap(({ benchmark, split, newlyScored, newlyUnscored }) => [
      ...(newlyScored > 0 ? [`  ${benchmark}/${split}: ${newlyScored} that had no score have one now`] : []),
      ...(newlyUnscored > 0 ? [`  ${benchmark}/${split}: ${newlyUnscored} that had a score have none now`] : []),
    ]),
    `Then: ${from}`,
    `Now: ${to}`,
  ]
}

const metricText = ({ metric: { before, after } }: RescoredCell): string =>
  before === undefined || before === after ? `${after}` : `${before}, now ${after}`

async function read(path: string, what: string): Promise<string> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new SwirlError(`The ${what} file ${path} cannot be read: ${errorMessage(error)}`, {
      kind: "usage",
      cause: error,
    })
  })
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes)
  } catch (error) {
    throw new SwirlError(
      `The ${what} file ${path} is no UTF-8 text: it is cut inside a character, or encoded otherwise.`,
      {
        cause: error,
      },
    )
  }
}

const usage = (message: string): SwirlError => new SwirlError(message, { kind: "usage" })
