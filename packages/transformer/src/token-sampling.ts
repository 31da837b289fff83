/**
 * Picking the next token of a row from its logits, on the host.
 * The draw is hash(row seed, position): a row's text does not depend on which other rows share its batch.
 */
import { uniform } from "./counter-random.ts"

export interface SamplingOptions {
  /** 0: greedy. Default 1. */
  temperature?: number
  /** Keep the smallest set of tokens whose probability reaches this. Default 1: all. */
  topP?: number
  /** Keep this many most likely tokens. Default 0: all. */
  topK?: number
}

/** `logProbability`: of the token under the model's own distribution (temperature 1, nothing cut off). */
export interface SampledToken {
  tokenId: number
  logProbability: number
}

let scratch = new Float64Array(0)

/** One token from `logits[offset .. offset + size)`. */
export function sampleToken(
  logits: Float32Array,
  offset: number,
  size: number,
  options: SamplingOptions,
  seed: readonly [number, number],
  position: number,
): SampledToken {
  const { temperature = 1, topP = 1, topK = 0 } = options
  let best = 0
  let maximum = Number.NEGATIVE_INFINITY
  for (let i = 0; i < size; i++)
    if (logits[offset + i]! > maximum) {
      maximum = logits[offset + i]!
      best = i
    }
  if (!Number.isFinite(maximum))
    throw new Error("The model's logits are not finite: its weights are broken or training diverged.")
  if (scratch.length < size) scratch = new Float64Array(size)
  let sum = 0
  for (let i = 0; i < size; i++) sum += scratch[i] = Math.exp(logits[offset + i]! - maximum)
  const logOf = (tokenId: number): SampledToken => ({
    tokenId,
    logProbability: logits[offset + tokenId]! - maximum - Math.log(sum),
  })
  if (temperature === 0) return logOf(best)
  let total = sum
  if (temperature !== 1) {
    total = 0
    for (let i = 0; i < size; i++) total += scratch[i] = Math.exp((logits[offset + i]! - maximum) / temperature)
  }
  const draw = uniform(seed, position)
  if (topP < 1 || (topK > 0 && topK < size)) return logOf(pickFromMostLikely(size, total, topP, topK, draw))
  let left = draw * total
  for (let i = 0; i < size; i++) {
    left -= scratch[i]!
    if (left < 0) return logOf(i)
  }
  return logOf(best)
}

function pickFromMostLikely(size: number, total: number, topP: number, topK: number, draw: number): number {
  const order = Array.from({ length: size }, (_, i) => i).sort((a, b) => scratch[b]! - scratch[a]! || a - b)
  const most = topK > 0 ? Math.min(topK, size) : size
  let kept = 0
  let count = 0
  while (count < most && (count === 0 || kept < topP * total)) kept += scratch[order[count++]!]!
  let left = draw * kept
  for (let i = 0; i < count; i++) {
    left -= scratch[order[i]!]!
    if (left < 0) return order[i]!
  }
  return order[0]!
}
