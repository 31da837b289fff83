/**
 * How many tokens go through the network at once by default, and what they take. A micro-batch has as many as keep what their
 * gradient needs of every layer within a bound.
 */
import { normsOf } from "./parameters.ts"
import type { TransformerConfig } from "./transformer-config.ts"

const most = 4096
const least = 256
const mostBytes = 2 * 2 ** 30

/** Bytes that one token keeps from forward to backward: the numbers of a `LayerTrace`, of all layers. */
export function traceBytes(config: TransformerConfig): number {
  const { layers, hiddenSize, heads, keyValueHeads, headSize, innerSize } = config
  const queries = heads * headSize
  const keys = keyValueHeads * headSize
  const raw = (config.queryKeyNorms ? queries + keys : 0) + (normsOf(config).afterAttention ? 2 * hiddenSize : 0)
  return 4 * layers * (2 * hiddenSize + 2 * queries + 2 * keys + 2 * innerSize + raw)
}

export const tokenBudgetOf = (config: TransformerConfig): number =>
  Math.min(most, Math.max(least, Math.floor(mostBytes / traceBytes(config))))

/** New tokens of prompts that are fed at once, by default. */
export const prefillBudgetTokens = 4096

/** Bytes that feeding them takes beside the weights: of one layer after another its widest tensors, of all their keys and values. */
export function prefillBytes({ layers, hiddenSize, innerSize, keyValueHeads, headSize }: TransformerConfig): number {
  return 4 * prefillBudgetTokens * (9 * hiddenSize + 3 * innerSize + 2 * layers * keyValueHeads * headSize)
}
