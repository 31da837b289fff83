/** A whole sequence with a coefficient a token, as the state and the one action that training understands. */
import type { StateActions } from "./packing.ts"

export interface WeightedSequence {
  tokenIds: readonly number[]
  /** One number a token: what multiplies log π(token | tokens before). 0: not trained. */
  coefficients: ArrayLike<number>
}

/**
 * The state is everything before the first trained token. Tokens with coefficient 0 between trained ones (a tool's
 * answer) are fed but carry no loss and, in the exact KL, no weight. Log-probabilities begin at the first trained token.
 */
export function stateActionsOf({ tokenIds, coefficients }: WeightedSequence): StateActions {
  if (coefficients.length !== tokenIds.length)
    throw new Error(`A sequence has ${tokenIds.length} tokens and ${coefficients.length} coefficients.`)
  if (coefficients[0])
    throw new Error("The first token of a sequence has a coefficient, but nothing comes before it to predict it from.")
  let first = 1
  while (first < tokenIds.length && coefficients[first] === 0) first++
  const rest = Array.from(coefficients).slice(first)
  const count = rest.map((coefficient) => (coefficient === 0 ? 0 : 1))
  return { state: tokenIds.slice(0, first), actions: [{ tokenIds: tokenIds.slice(first), coefficients: rest, count }] }
}
