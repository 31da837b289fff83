/** How many tokens a micro-batch has by default: as many as keep what their gradient needs of every layer within a bound. */
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
