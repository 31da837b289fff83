/**
 * How good a ranking is, by titles: evidence recall@k = mean share of a question's gold titles among the first k;
 * full@k, any@k = share of questions with all, or one, of them there; MRR@10 = mean of 1 / rank of the first one, 0 beyond
 * rank 10. Titles are equal by `titleKey`. Intervals of shares are Wilson's, of means percentile bootstrap's (10,000 resamples of the questions, seed 0).
 */
import { type Estimate, mean, pairedBootstrap, scoreInterval, wilsonInterval } from "@swirl-ts/stats"
import { titleKey } from "./titles.ts"

const cutoffs = [2, 5, 10] as const
/** Passages a question that have to be retrieved. */
export const depth = 10

/** `ranked`: titles of each question, best first; `gold`: its distinct gold titles, one at least. */
export function retrievalMetrics(
  ranked: readonly (readonly string[])[],
  gold: readonly (readonly string[])[],
): Record<string, Estimate> {
  const found = (i: number, k: number): number => {
    const first = new Set(ranked[i]!.slice(0, k).map(titleKey))
    return gold[i]!.filter((title) => first.has(titleKey(title))).length
  }
  const each = (value: (i: number) => number): number[] => gold.map((_, i) => value(i))
  const metrics: Record<string, Estimate> = {}
  for (const k of cutoffs) {
    metrics[`recall@${k}`] = ofMean(each((i) => found(i, k) / gold[i]!.length))
    metrics[`full@${k}`] = ofShare(each((i) => Number(found(i, k) === gold[i]!.length)))
    metrics[`any@${k}`] = ofShare(each((i) => Number(found(i, k) > 0)))
  }
  metrics["mrr@10"] = ofMean(
    each((i) => {
      const wanted = new Set(gold[i]!.map(titleKey))
      const place = ranked[i]!.slice(0, 10).findIndex((title) => wanted.has(titleKey(title)))
      return place < 0 ? 0 : 1 / (place + 1)
    }),
  )
  return metrics
}

/** Of values that are all the same, a bootstrap would draw nothing else and be certain. */
function ofMean(values: readonly number[]): Estimate {
  if (new Set(values).size === 1) {
    const { value, ci } = scoreInterval(values, [...values.keys()])
    return { value, ci }
  }
  const { ci } = pairedBootstrap(new Array<number>(values.length).fill(0), values)
  return { value: mean(values), ci }
}

function ofShare(values: readonly number[]): Estimate {
  const successes = values.filter((value) => value === 1).length
  return { value: successes / values.length, ci: wilsonInterval(successes, values.length) }
}
