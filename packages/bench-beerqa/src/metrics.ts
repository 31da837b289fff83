/**
 * The names of eval_beerqa.py: `em f1 prec recall` over all questions (micro), `<source>_em` … over those of a source, and
 * `macro_em` …, the plain mean over the sources that are there. A question carries its source in its metrics' names.
 */
import { beerqaAnswer } from "@swirl-ts/bench-kit"
import { type Metrics, meanMetrics } from "@swirl-ts/core"

const names = ["em", "f1", "prec", "recall"] as const

/** No answer, no text, or none of the golds: 0 in everything. */
export function answerMetrics(answer: unknown, golds: readonly string[], source: string | undefined): Metrics {
  const scores = beerqaAnswer(answer, golds)
  const own = source === undefined ? [] : names.map((name) => [`${source}_${name}`, scores[name]] as const)
  return { ...scores, ...Object.fromEntries(own) }
}

/** Means of every metric over the samples that have it, and the macro means where a source is known. */
export function aggregate(samples: readonly Metrics[]): Metrics {
  const means = meanMetrics(samples)
  const sources = Object.keys(means).flatMap((name) => /^(.+)_em$/s.exec(name)?.[1] ?? [])
  if (sources.length === 0) return means
  const macro = names.map((name) => {
    const sum = sources.reduce((total, source) => total + means[`${source}_${name}`]!, 0)
    return [`macro_${name}`, sum / sources.length] as const
  })
  return { ...means, ...Object.fromEntries(macro) }
}
