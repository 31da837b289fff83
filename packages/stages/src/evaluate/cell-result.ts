/** One cell of an evaluation: the accuracy of its samples, and the change from another policy on the same questions. */
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
