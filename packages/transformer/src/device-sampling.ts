/**
 * Picking the next token of every row where the logits lie, so that two numbers a row are read back and not the vocabulary.
 * The draw is the one of token-sampling.ts; only the rounding of the sums differs.
 */
import * as tf from "@tensorflow/tfjs-core"
import { uniform } from "./counter-random.ts"
import type { SampledToken, SamplingOptions } from "./token-sampling.ts"

export interface Draw {
  options: SamplingOptions
  seed: readonly [number, number]
  position: number
}

/** Whether a row can be drawn here: tokens are cut off by rank on the host only. */
export const drawsWhole = ({ topP = 1, topK = 0 }: SamplingOptions): boolean => topP >= 1 && topK <= 0

/** Sums are taken over blocks of this many tokens, then within the block that was hit: two short sums, not one long. */
const block = 256

/** One token a row of logits [rows, vocabulary]. */
export function sampleRows(logits: tf.Tensor2D, draws: readonly Draw[]): SampledToken[] {
  const [rows, size] = logits.shape
  const numbers = tf.tidy(() => {
    const shifted = tf.sub(logits, tf.max(logits, 1, true))
    const weights = tf.exp(shifted)
    const logSum = tf.log(tf.sum(weights, 1))
    const temperatures = draws.map(({ options }) => options.temperature ?? 1)
    const column = (values: readonly number[]): tf.Tensor2D => tf.tensor2d([...values], [rows, 1])
    const scaled = temperatures.every((temperature) => temperature === 1 || temperature === 0)
      ? weights
      : tf.exp(tf.div(shifted, column(temperatures.map((temperature) => temperature || 1))))
    const drawn = draw(scaled as tf.Tensor2D, column(draws.map(({ seed, position }) => uniform(seed, position))))
    const greedy = temperatures.map((temperature) => temperature === 0)
    const ids = greedy.includes(true) ? tf.where(tf.tensor1d(greedy, "bool"), tf.argMax(logits, 1), drawn) : drawn
    const at = tf.stack([tf.range(0, rows, 1, "int32"), tf.minimum(ids, tf.scalar(size - 1, "int32"))], 1)
    return tf.stack([tf.cast(ids, "float32"), tf.sub(tf.gatherND(shifted, at), logSum)])
  })
  const values = numbers.dataSync() as Float32Array
  numbers.dispose()
  return draws.map((_, row) => {
    const logProbability = values[rows + row]!
    if (!Number.isFinite(logProbability))
      throw new Error("The model's logits are not finite: its weights are broken or training diverged.")
    return { tokenId: Math.min(size - 1, values[row]!), logProbability }
  })
}

/** The first index a row whose running sum is above draw · total, as int32 [rows]. */
function draw(weights: tf.Tensor2D, draws: tf.Tensor2D): tf.Tensor1D {
  const [rows, size] = weights.shape
  const blocks = Math.ceil(size / block)
  const padded =
    blocks * block === size
      ? weights
      : tf.pad(weights, [
          [0, 0],
          [0, blocks * block - size],
        ])
  const parts = tf.reshape(padded, [rows, blocks, block])
  const sums = tf.sum(parts, 2) as tf.Tensor2D
  const wanted = tf.mul(draws, tf.sum(sums, 1, true)) as tf.Tensor2D
  const first = below(tf.cumsum(sums, 1), wanted, blocks)
  const at = tf.stack([tf.range(0, rows, 1, "int32"), first], 1)
  const before = tf.reshape(tf.gatherND(tf.cumsum(sums, 1, true), at), [rows, 1])
  const inside = below(tf.cumsum(tf.gatherND(parts, at) as tf.Tensor2D, 1), tf.sub(wanted, before), block)
  return tf.add(tf.mul(first, tf.scalar(block, "int32")), inside) as tf.Tensor1D
}

const below = (running: tf.Tensor2D, wanted: tf.Tensor2D, count: number): tf.Tensor1D =>
  tf.minimum(tf.sum(tf.cast(tf.lessEqual(running, wanted), "int32"), 1), tf.scalar(count - 1, "int32")) as tf.Tensor1D
