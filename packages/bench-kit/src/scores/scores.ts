/**
 * Answer scores of the official scripts, to the last digit: the same operations on doubles in the same order.
 *   hotpotAnswer  hotpot_evaluate_v1.py @ hotpotqa/hotpot 3635853 (`exact_match_score`, `f1_score`)
 *   musiqueAnswer metrics/answer.py @ StonyBrookNLP/musique 922ac98 (`compute_exact`, `compute_f1`, each its own maximum)
 *   beerqaAnswer  utils/eval_beerqa.py @ beerqa/IRRR 76b288e (the first gold with the best F1 gives every score)
 * A prediction that is no text, where Python would stop, is no answer and scores 0.
 */
import { answerTokens } from "./normalise.ts"

/** Each in [0, 1]; `em` is 0 or 1. Names as the scripts print them. */
export interface AnswerScores {
  em: number
  f1: number
  prec: number
  recall: number
}

const wrong: Readonly<AnswerScores> = { em: 0, f1: 0, prec: 0, recall: 0 }

/** Of yes, no and noanswer nothing but the whole answer counts. */
export function hotpotAnswer(prediction: unknown, gold: string): AnswerScores {
  return typeof prediction === "string" ? hotpotTokens(answerTokens(prediction), answerTokens(gold)) : { ...wrong }
}

/** Golds are the answer and its aliases; none at all scores 0. */
export function musiqueAnswer(prediction: unknown, golds: readonly string[]): { em: number; f1: number } {
  const best = { em: 0, f1: 0 }
  if (typeof prediction !== "string") return best
  const predicted = answerTokens(prediction)
  for (const gold of golds) {
    const { em, f1 } = musiqueTokens(predicted, answerTokens(gold))
    best.em = Math.max(best.em, em)
    best.f1 = Math.max(best.f1, f1)
  }
  return best
}

/** A gold counts only when it is better than those before it, beginning at F1 0: with F1 0 everything is 0, EM included. */
export function beerqaAnswer(prediction: unknown, golds: readonly string[]): AnswerScores {
  let best: AnswerScores = { ...wrong }
  if (typeof prediction !== "string") return best
  const predicted = answerTokens(prediction)
  for (const gold of golds) {
    const scores = hotpotTokens(predicted, answerTokens(gold))
    if (best.f1 < scores.f1) best = scores
  }
  return best
}

const special = new Set(["yes", "no", "noanswer"])

function hotpotTokens(predicted: readonly string[], gold: readonly string[]): AnswerScores {
  const [prediction, reference] = [predicted.join(" "), gold.join(" ")]
  const em = prediction === reference ? 1 : 0
  if (em === 0 && (special.has(prediction) || special.has(reference))) return { em, f1: 0, prec: 0, recall: 0 }
  return { em, ...overlap(predicted, gold) }
}

function musiqueTokens(predicted: readonly string[], gold: readonly string[]): { em: number; f1: number } {
  const em = predicted.join(" ") === gold.join(" ") ? 1 : 0
  return { em, f1: predicted.length === 0 || gold.length === 0 ? em : overlap(predicted, gold).f1 }
}

/** Words in common, each as often as it stands on both sides; all 0 where there is none. */
function overlap(predicted: readonly string[], gold: readonly string[]): Omit<AnswerScores, "em"> {
  const left = new Map<string, number>()
  for (const word of gold) left.set(word, (left.get(word) ?? 0) + 1)
  let common = 0
  for (const word of predicted) {
    const count = left.get(word) ?? 0
    if (count === 0) continue
    left.set(word, count - 1)
    common++
  }
  return fromCounts(common, predicted.length, gold.length)
}

/** Precision, recall and F1 of `common` items among those predicted and those in the gold; all 0 where there is none. */
export function fromCounts(common: number, predicted: number, gold: number): Omit<AnswerScores, "em"> {
  if (common === 0) return { f1: 0, prec: 0, recall: 0 }
  const prec = common / predicted
  const recall = common / gold
  return { f1: (2 * prec * recall) / (prec + recall), prec, recall }
}
