/** One cell of an evaluation: the accuracy of its samples. The questions are the sample, however often each was asked. */
import {
  byQuestion,
  type CellResult,
  countReason,
  type EvalSample,
  type MadeBy,
  madeBy,
  type Reasons,
  SwirlError,
  scoreOf,
  scoresByQuestion,
} from "@swirl-ts/core"
import { scoreInterval } from "@swirl-ts/stats"
import type { EvaluationFacts } from "./evaluation-facts.ts"

/** Samples of one cell, and the metric that accuracy means. */
export interface MeasuredCell {
  metric: string
  samples: readonly EvalSample[]
  /** Absent where `run.json` says nothing of it. */
  facts?: EvaluationFacts
}

/** Accuracy of scored samples. Throws where there is none. */
export function cellResult(cell: MeasuredCell): CellResult {
  const { scores, asked } = scoresByQuestion(cell.samples, (sample) => scoreOf(sample, cell.metric))
  if (scores.length === 0) throw new SwirlError(withoutScore(cell), { kind: "usage" })
  const { value, n, questions, ci } = scoreInterval(scores, asked)
  return { accuracy: value, n, questions, ci, ...withoutAnswer(cell), madeBy: madeByOf(cell, cell.samples) }
}

/** Of the samples with a score: no other makes the number. */
export const madeByOf = ({ metric, facts }: MeasuredCell, samples: readonly EvalSample[]): MadeBy | undefined =>
  madeBy(
    samples.filter((sample) => scoreOf(sample, metric) !== undefined),
    facts?.makers,
  )

/** What stands beside an accuracy: samples that it leaves out, those it counts without an answer, and questions that the policy has seen. */
export function withoutAnswer({
  samples,
  metric,
}: MeasuredCell): Pick<CellResult, "unscored" | "errors" | "limits" | "leaked" | "unguarded"> {
  const count = (is: (sample: EvalSample) => boolean): number | undefined => samples.filter(is).length || undefined
  return {
    unscored: count((sample) => scoreOf(sample, metric) === undefined),
    errors: count(({ status }) => status === "error"),
    leaked: byQuestion(samples.filter(({ leak }) => leak !== undefined)).length || undefined,
    unguarded: byQuestion(samples.filter(({ leakGuard }) => leakGuard === "off")).length || undefined,
    limits: count((sample) => sample.status === "limit" && scoreOf(sample, metric) !== undefined),
  }
}

function withoutScore({ samples, metric }: MeasuredCell): string {
  const [first] = samples
  if (!first) return "An evaluation without samples has no accuracy."
  const { benchmark, split, policy } = first
  const [most] = Object.entries(reasonsOf(samples)).sort(([, a], [, b]) => b - a)
  const why = most
    ? `${most[1]} x ${most[0].replace(/\.$/, "")}. Their records say it of each.`
    : "Their records say why."
  return `None of the ${samples.length} samples of ${benchmark}/${split} by ${policy} has a score (${metric}): there is no accuracy. ${why}`
}

/** Why samples have no score, each with how often. */
export function reasonsOf(samples: readonly EvalSample[]): Reasons {
  const reasons: Reasons = {}
  for (const { status, error } of samples)
    if (status === "error" || status === "unscored") countReason(reasons, error ? `${status}: ${error}` : status)
  return reasons
}
