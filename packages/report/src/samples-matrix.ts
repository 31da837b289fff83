/** The plain accuracies of what was evaluated in run folders, where no experiment wrote a matrix. */
import { join } from "node:path"
import { type Cell, cellName, shortName } from "@swirl-ts/core"
import { type Interval, mean, standardError, wilsonInterval } from "@swirl-ts/stats"
import { readSamples, sampleFiles, type TemperedSample } from "@swirl-ts/store"
import type { ReportCell, ReportMatrix, ReportRow } from "./data.ts"
import { foldersIn } from "./find-runs.ts"

/** Streams every evaluation record under the run folders. */
export async function* readEvaluations(runs: readonly string[]): AsyncGenerator<TemperedSample> {
  for (const run of runs) {
    const root = join(run, "eval")
    for (const policy of await foldersIn(root)) yield* readSamples(await sampleFiles(join(root, policy)))
  }
}

interface Scores {
  scores: number[]
  unscored: number
}

/** Gathers samples into a matrix of policies over cells; changes need a pairing and are left out. */
export function samplesMatrix() {
  const cells = new Map<string, Cell>()
  const values = new Map<string, Map<string, Scores>>()
  return {
    /** `score` is that of the primary metric; undefined where the sample has none. */
    add(sample: TemperedSample, score: number | undefined): void {
      const { policy } = sample
      const name = cellName(sample)
      cells.set(name, sample)
      const row = values.get(policy) ?? new Map<string, Scores>()
      values.set(policy, row)
      const gathered = row.get(name) ?? { scores: [], unscored: 0 }
      row.set(name, gathered)
      if (score === undefined) gathered.unscored++
      else gathered.scores.push(score)
    },
    matrix(): ReportMatrix | undefined {
      if (values.size === 0) return undefined
      const columns = columnNames(cells)
      const rows = [...values].map(([name, row]): ReportRow => {
        const shown = [...row].flatMap(([cell, { scores, unscored }]) =>
          scores.length > 0 ? [[columns.get(cell)!, summary(scores, unscored)] as const] : [],
        )
        return { name, kind: "reference", cells: Object.fromEntries(shown) }
      })
      return { columns: [...columns.values()].sort(), rows }
    },
  }
}

/** Short names of benchmarks, but where two cells would have one name. */
function columnNames(cells: ReadonlyMap<string, Cell>): Map<string, string> {
  const short = [...cells].map(([name, cell]) => ({
    name,
    short: cellName({ ...cell, benchmark: shortName(cell.benchmark) }),
  }))
  const of = Map.groupBy(short, (each) => each.short)
  return new Map(short.map((each) => [each.name, of.get(each.short)!.length > 1 ? each.name : each.short]))
}

/** Wilson's interval for right and wrong; mean and normal interval for shares such as F1. */
function summary(scores: readonly number[], unscored: number): ReportCell {
  const accuracy = mean(scores)
  const n = scores.length
  const isBinary = scores.every((score) => score === 0 || score === 1)
  const half = isBinary || n < 2 ? 0 : 1.96 * standardError(scores)
  const ci: Interval = isBinary
    ? wilsonInterval(Math.round(accuracy * n), n)
    : [Math.max(0, accuracy - half), Math.min(1, accuracy + half)]
  return { accuracy, n, ci, unscored: unscored || undefined }
}
