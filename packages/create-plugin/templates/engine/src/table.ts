/**
 * A softmax policy in a table: one row of logits for every last token. All sums are in double precision and in a fixed
 * order, so the same calls give the same numbers.
 */
import { vocabularySize } from "./letters.ts"

/** `[last token][next token]`, flat. */
export type Table = Float64Array

export const newTable = (): Table => new Float64Array(vocabularySize ** 2)

/** Natural logarithms of the probabilities of every next token. */
export function logProbabilitiesAfter(table: Table, last: number): Float64Array {
  const logits = table.slice(last * vocabularySize, (last + 1) * vocabularySize)
  const top = logits.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY)
  const normaliser = top + Math.log(logits.reduce((sum, value) => sum + Math.exp(value - top), 0))
  return logits.map((value) => value - normaliser)
}

export interface Row {
  promptTokenIds: readonly number[]
  tokenIds: readonly number[]
}

/** Log π of every action token of a row, with what it is a part of. */
export function scoreRow(table: Table, { promptTokenIds, tokenIds }: Row) {
  let last = promptTokenIds.at(-1) ?? 0
  return tokenIds.map((token) => {
    const all = logProbabilitiesAfter(table, last)
    const scored = { last, token, all, logProbability: all[token]! }
    last = token
    return scored
  })
}
