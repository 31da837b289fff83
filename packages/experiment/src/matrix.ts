/** The matrix: rows of trainings over cells of evaluations, each change paired with the base on the same questions. */
import type { EvalSample } from "@swirl-ts/core"
import { pairedComparison, wilsonInterval } from "@swirl-ts/stats"
import { z } from "zod"

const IntervalSchema = z.tuple([z.number(), z.number()])
export const CellResultSchema = z.object({
  accuracy: z.number(),
  n: z.int(),
  /** Wilson 95 % interval of the accuracy. */
  ci: IntervalSchema,
  /** Samples without a score: left out of `n`, never counted as wrong. */
  unscored: z.int().optional(),
})
export const ChangeSchema = z.object({
  value: z.number(),
  /** Paired bootstrap 95 % interval of the difference to base. */
  ci: IntervalSchema,
  /** McNemar mid-p, two-sided, uncorrected. */
  p: z.number(),
})
export const ChangedCellSchema = CellResultSchema.extend({ change: ChangeSchema })
export type CellResult = z.infer<typeof CellResultSchema>
export type ChangedCell = z.infer<typeof ChangedCellSchema>

export const MatrixRowSchema = z.object({
  name: z.string(),
  train: z.string(),
  filter: z.string(),
  algorithm: z.string(),
  judge: z.string(),
  /** True where the judge knows the task's plan: an upper bound, not a method. */
  oracle: z.boolean().optional(),
  seed: z.int().optional(),
  cells: z.record(z.string(), ChangedCellSchema),
  alarms: z.array(z.object({ step: z.int(), kind: z.string(), message: z.string() })).optional(),
  kept: z.int().optional(),
  checkpoint: z.string().optional(),
})
export type MatrixRow = z.infer<typeof MatrixRowSchema>

export const MatrixSchema = z.object({
  schema: z.literal("swirl.matrix/1"),
  policy: z.string(),
  judge: z.string(),
  cells: z.array(z.string()),
  base: z.record(z.string(), CellResultSchema),
  rows: z.array(MatrixRowSchema),
  /** Questions asked a cell; fewer were scored where a cell's `n` is smaller. */
  questions: z.int(),
})
export type Matrix = z.infer<typeof MatrixSchema>

/** A record without the metric has no score, whatever its status says. */
const isScored = (sample: EvalSample, metric: string): boolean =>
  (sample.status === "scored" || sample.status === "limit") && sample.metrics[metric] !== undefined

/** Accuracy of scored samples; a sample that ended at a limit is scored as unanswered. */
export function cellResult(samples: readonly EvalSample[], metric: string): CellResult {
  const scored = samples.filter((sample) => isScored(sample, metric))
  if (scored.length === 0) throw new Error("a cell without a scored sample has no accuracy")
  const right = scored.reduce((sum, sample) => sum + sample.metrics[metric]!, 0)
  const interval = wilsonInterval(Math.round(right), scored.length)
  const unscored = samples.length - scored.length
  return {
    accuracy: right / scored.length,
    n: scored.length,
    ci: [interval.low, interval.high],
    ...(unscored > 0 ? { unscored } : {}),
  }
}

/** The change from base to row on the questions that both have scored, paired by task and epoch. */
export function changedCell(
  base: readonly EvalSample[],
  row: readonly EvalSample[],
  metric: string,
  seed: number,
): ChangedCell {
  const key = (sample: EvalSample): string => `${sample.taskId}#${sample.epoch}`
  const scoredBase = new Map(
    base.filter((sample) => isScored(sample, metric)).map((sample) => [key(sample), sample.metrics[metric]!]),
  )
  const pairs = row
    .filter((sample) => isScored(sample, metric))
    .flatMap((sample) => {
      const before = scoredBase.get(key(sample))
      return before === undefined ? [] : [{ key: key(sample), before, after: sample.metrics[metric]! }]
    })
    .sort((a, b) => (a.key < b.key ? -1 : 1))
  if (pairs.length === 0) throw new Error("base and row share no scored question; they were measured on different ones")
  const { change } = pairedComparison(
    pairs.map((pair) => pair.before),
    pairs.map((pair) => pair.after),
    { seed },
  )
  return { ...cellResult(row, metric), change: { value: change.value, ci: [change.ci[0], change.ci[1]], p: change.p } }
}
