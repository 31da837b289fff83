// Rows of tokens with a coefficient a token, turned into the packed groups that training understands.

import type { PackedGroup, TrainingRow } from "./packing.ts"

/**
 * One group a row: the state is everything before the first trained token. Tokens with coefficient 0 between trained
 * ones (a tool's answer) are fed but carry no loss and, in the exact KL, no weight.
 */
export function rowToGroup(row: TrainingRow): PackedGroup {
  const { tokenIds, coefficients } = row
  if (coefficients.length !== tokenIds.length)
    throw new Error(`A training row has ${tokenIds.length} tokens and ${coefficients.length} coefficients.`)
  if (coefficients[0])
    throw new Error(
      "The first token of a training row has a coefficient, but nothing comes before it to predict it from.",
    )
  let first = 1
  while (first < tokenIds.length && coefficients[first] === 0) first++
  const rest = Array.from(coefficients).slice(first)
  const count = rest.map((coefficient) => (coefficient === 0 ? 0 : 1))
  return { state: tokenIds.slice(0, first), actions: [{ tokenIds: tokenIds.slice(first), coefficients: rest, count }] }
}
