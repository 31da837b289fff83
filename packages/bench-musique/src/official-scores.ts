/** The single scores of evaluate_v1.0.py and how it takes their mean. */
import { fromCounts, musiqueAnswer, pythonRound } from "@swirl-ts/bench-kit"
import type { Metrics } from "@swirl-ts/core"
import { type Gold, textOf } from "./scoring-records.ts"

/**
 * EM and F1 over the answer and its aliases, each its own maximum. The script stops at a predicted answer that is no
 * text; here it is a wrong answer, as the content of a prediction is never refused.
 */
export function answerScores(gold: Gold, answer: unknown): { em: number; f1: number } {
  const golds = gold.answers.map((text) => textOf(text, gold.where, "an answer or alias"))
  return typeof answer === "string" ? musiqueAnswer(answer, golds) : { em: 0, f1: 0 }
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
  return Object.fromEntries(
    names.map((name) => {
      const values = items.flatMap((item) => item[name] ?? [])
      const sum = values.reduce((total, value) => total + value, 0)
      return [name, values.length === 0 ? 0 : pythonRound(sum / values.length, 3)]
    }),
  )
}
