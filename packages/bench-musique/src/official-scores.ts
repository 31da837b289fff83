/** The single scores of evaluate_v1.0.py and how it takes their mean. */
import { fromCounts, musiqueAnswer, pythonRound } from "@swirl-ts/bench-kit"
import { type Metrics, meanMetrics } from "@swirl-ts/core"
import { type Gold, textOf } from "./scoring-records.ts"

/** EM and F1 over the answer and its aliases, each its own maximum. */
export function answerScores(gold: Gold, answer: unknown): { em: number; f1: number } {
  const golds = gold.answers.map((text) => textOf(text, gold.where, "an answer or alias"))
  return musiqueAnswer(answer, golds)
}

/** F1 of two sets of paragraph indexes; both empty is 1, one that cannot be read 0. Source: `metrics/support.py`. */
export function supportF1(predicted: ReadonlySet<number> | undefined, gold: ReadonlySet<number>): number {
  if (!predicted) return 0
  if (predicted.size === 0 && gold.size === 0) return 1
  const common = [...predicted].filter((index) => gold.has(index)).length
  return fromCounts(common, predicted.size, gold.size).f1
}

/** Mean over the items that have a metric, 0 where none has, rounded to three places. */
export function officialMeans(items: readonly Metrics[], names: readonly string[]): Metrics {
  const means = meanMetrics(items)
  return Object.fromEntries(names.map((name) => [name, pythonRound(means[name] ?? 0, 3)]))
}
