/** The score of a sample: what it got by one metric. One that ended at a limit is scored as unanswered. */
import type { EvalSample } from "./records.ts"

export const isScored = ({ status }: Pick<EvalSample, "status">): boolean => status === "scored" || status === "limit"

/** A record without the metric has no score, whatever its status says; a metric may have any name, `constructor` too. */
export const scoreOf = (sample: Pick<EvalSample, "status" | "metrics">, metric: string): number | undefined =>
  isScored(sample) && Object.hasOwn(sample.metrics, metric) ? sample.metrics[metric] : undefined
