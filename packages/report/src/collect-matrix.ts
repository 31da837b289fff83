/** The matrix of a run folder: `matrix.json` where an experiment wrote one, else the plain accuracies of what was evaluated. */
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { type EvalSample, EvalSampleSchema, errorMessage, SwirlError } from "@swirl-ts/core"
import { mean, standardError, wilsonInterval } from "@swirl-ts/stats"
import { readRecords, runPaths } from "@swirl-ts/store"
import { z } from "zod"
import { type ReportCell, ReportCellSchema, type ReportMatrix, type ReportRow, ReportRowSchema } from "./data.ts"
import { filesIn, foldersIn } from "./find-runs.ts"

/** What is used of `swirl.matrix/1`; rows are this report's rows, with the base apart. */
const MatrixFileSchema = z.object({
  schema: z.literal("swirl.matrix/1"),
  policy: z.string(),
  judge: z.string(),
  cells: z.array(z.string()),
  base: z.record(z.string(), ReportCellSchema),
  rows: z.array(ReportRowSchema),
  questions: z.int().optional(),
})

export async function readMatrixFile(directory: string): Promise<ReportMatrix | undefined> {
  const path = runPaths(directory).matrix
  let text: string
  try {
    text = await readFile(path, "utf8")
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return undefined
    throw error
  }
  try {
    const { cells, base, rows, questions } = MatrixFileSchema.parse(JSON.parse(text))
    return {
      columns: cells,
      rows: [
        { name: "base", kind: "base", cells: base },
        ...rows.map((row) => (row.algorithm === "reference" ? { ...row, kind: "reference" as const } : row)),
      ],
      questions,
    }
  } catch (error) {
    throw new SwirlError(
      `${path} is no matrix that can be read: ${errorMessage(error)} Make it again with swirl matrix.`,
      {
        cause: error,
      },
    )
  }
}

/** Streams every evaluation record under the run folders. */
export async function* readEvaluations(runs: readonly string[]): AsyncGenerator<EvalSample> {
  for (const run of runs) {
    const root = join(run, "eval")
    for (const policy of await foldersIn(root)) {
      for (const file of await filesIn(join(root, policy), ".jsonl")) {
        if (!file.endsWith(".trajectories.jsonl")) yield* readRecords(join(root, policy, file), EvalSampleSchema)
      }
    }
  }
}

const usual = ["accuracy", "official", "em", "answer_em", "f1"]
/** The metric of a sample that is shown where no benchmark can be asked for its primary one. */
export const shownMetric = (metrics: EvalSample["metrics"]): string | undefined =>
  usual.find((name) => name in metrics) ?? Object.keys(metrics)[0]

/** Gathers samples into a matrix of policies over `<benchmark>/<split>`; changes need a pairing and are left out. */
export function matrixOfSamples() {
  const values = new Map<string, Map<string, { scores: number[]; unscored: number }>>()
  return {
    add(sample: EvalSample): void {
      const column = `${sample.benchmark.split("/").at(-1)}/${sample.split}`
      const cells = values.get(sample.policy) ?? new Map<string, { scores: number[]; unscored: number }>()
      values.set(sample.policy, cells)
      const cell = cells.get(column) ?? { scores: [], unscored: 0 }
      cells.set(column, cell)
      const metric = shownMetric(sample.metrics)
      const scored = sample.status === "scored" || sample.status === "limit"
      if (scored && metric !== undefined) cell.scores.push(sample.metrics[metric]!)
      else cell.unscored++
    },
    matrix(): ReportMatrix | undefined {
      if (values.size === 0) return undefined
      const columns = [...new Set([...values.values()].flatMap((cells) => [...cells.keys()]))].sort()
      const rows = [...values].map(([name, cells]): ReportRow => {
        const shown = [...cells].flatMap(([column, cell]) =>
          cell.scores.length > 0 ? [[column, summary(cell.scores, cell.unscored)] as const] : [],
        )
        return { name, kind: "reference", cells: Object.fromEntries(shown) }
      })
      return { columns, rows }
    },
  }
}

/** Wilson's interval for right and wrong; mean and normal interval for shares such as F1. */
function summary(scores: readonly number[], unscored: number): ReportCell {
  const accuracy = mean(scores)
  const n = scores.length
  const isBinary = scores.every((score) => score === 0 || score === 1)
  const half = isBinary || n < 2 ? 0 : 1.96 * standardError(scores)
  const wilson = isBinary ? wilsonInterval(Math.round(accuracy * n), n) : undefined
  const ci: [number, number] = wilson
    ? [wilson.low, wilson.high]
    : [Math.max(0, accuracy - half), Math.min(1, accuracy + half)]
  return { accuracy, n, ci, ...(unscored > 0 ? { unscored } : {}) }
}
