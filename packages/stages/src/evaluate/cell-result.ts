/** One cell of an evaluation: the accuracy of its samples, and the change from another policy on the same questions. */
import { type CellResult, type ChangedCell, type EvalSample, SwirlError } from "@swirl-ts/core"
import { pairedComparison, wilsonInterval } from "@swirl-ts/stats"

/** Samples of one cell, and the metric that accuracy means. */
export interface MeasuredCell {
  metric: string
  samples: readonly EvalSample[]
}

/** A record without the metric has no score, whatever its status says. */
const isScored = (sample: EvalSample, metric: string): boolean =>
  (sample.status === "scored" || sample.status === "limit") && sample.metrics[metric] !== undefined

const scoredSamples = ({ samples, metric }: MeasuredCell): EvalSample[] =>
  samples.filter((sample) => isScored(sample, metric))

/** Accuracy of scored samples; a sample that ended at a limit is scored as unanswered. */
export function cellResult(cell: MeasuredCell): CellResult {
  const scored = scoredSamples(cell)
  if (scored.length === 0) throw new Error("a cell without a scored sample has no accuracy")
  const right = scored.reduce((sum, sample) => sum + sample.metrics[cell.metric]!, 0)
  return {
    accuracy: right / scored.length,
    n: scored.length,
    ci: wilsonInterval(Math.round(right), scored.length),
    unscored: cell.samples.length - scored.length || undefined,
  }
}

/** The change from base to row on the questions that both have scored, paired by task and epoch. */
export function changedCell(base: MeasuredCell, row: MeasuredCell, seed: number): ChangedCell {
  const { metric } = base
  const key = (sample: EvalSample): string => `${sample.taskId}#${sample.epoch}`
  const before = new Map(scoredSamples(base).map((sample) => [key(sample), sample]))
  const pairs = scoredSamples(row)
    .flatMap((after) => {
      const other = before.get(key(after))
      if (!other) return []
      if (row.metric !== metric) throw otherMetric(other, base, after, row)
      if (isOtherQuestion(other, after)) throw otherQuestion(other, after)
      return [{ key: key(after), before: other.metrics[metric]!, after: after.metrics[metric]! }]
    })
    .sort((a, b) => (a.key < b.key ? -1 : 1))
  if (pairs.length === 0) throw new Error("base and row share no scored question; they were measured on different ones")
  const { change } = pairedComparison(
    pairs.map((pair) => pair.before),
    pairs.map((pair) => pair.after),
    { seed },
  )
  return { ...cellResult(row), change: { value: change.value, ci: change.ci, p: change.p } }
}

const otherMetric = (a: EvalSample, base: MeasuredCell, b: EvalSample, row: MeasuredCell): SwirlError =>
  new SwirlError(
    `${a.benchmark}/${a.split} counts by ${base.metric} for ${a.policy} and by ${row.metric} for ${b.policy}: its plugin changed in between. Evaluate both with one version.`,
    { kind: "usage" },
  )

/** One id may name another question in another file; that is seen where both samples say what was asked. */
const isOtherQuestion = (a: EvalSample, b: EvalSample): boolean =>
  a.questionHash !== undefined && b.questionHash !== undefined && a.questionHash !== b.questionHash

const otherQuestion = (a: EvalSample, b: EvalSample): SwirlError =>
  new SwirlError(
    `As ${b.taskId} of ${b.benchmark}/${b.split}, ${a.policy} and ${b.policy} were asked different questions: their data differ. Evaluate both on the same files.`,
    { kind: "usage" },
  )
