/**
 * A whole reasoning chain as one score. These values are OURS: CofCA's paper defines joint measures of a chain, but not
 * everything one needs to compute them, and no script of its authors is public. So every name begins with `ours_joint`.
 * A chain's joint precision (recall, EM) is the product over the final answer and every sub-answer.
 */
import type { AnswerScores } from "@swirl-ts/bench-kit"

/** Each in [0, 1]. F1 is that of the joint precision and recall, 0 where both are 0. */
export function jointScores(chain: readonly AnswerScores[]): AnswerScores {
  const product = (value: (scores: AnswerScores) => number) => chain.reduce((total, one) => total * value(one), 1)
  const prec = product((one) => one.prec)
  const recall = product((one) => one.recall)
  return {
    em: product((one) => one.em),
    f1: prec + recall > 0 ? (2 * prec * recall) / (prec + recall) : 0,
    prec,
    recall,
  }
}

/** −log2: 0 for certainty, larger is worse, Infinity for 0. */
export const bits = (value: number): number => 0 - Math.log2(value)
