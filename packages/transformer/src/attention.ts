// Grouped-query attention over a whole batch of sequences under an additive mask, and its gradient.
// Heads that share a key-value head are stacked as extra query rows, so keys and values are never repeated.

import * as tf from "@tensorflow/tfjs-core"
import type { TransformerConfig } from "./config.ts"

/** `batch` sequences of `length` rows each; `mask` is [1 or batch, 1, length, length]: 0 where a row may look, -1e9 elsewhere. */
export type AttentionShape = { readonly batch: number; readonly length: number; readonly mask: tf.Tensor4D }

/** What the gradient needs. Queries are already divided by sqrt(headSize). */
export type AttentionTrace = {
  readonly queries: tf.Tensor3D
  readonly keys: tf.Tensor3D
  readonly values: tf.Tensor3D
  readonly probabilities: tf.Tensor3D
}

type Head = { readonly groups: number; readonly size: number; readonly heads: number; readonly share: number }
const headOf = (config: TransformerConfig, batch: number): Head => ({
  groups: batch * config.keyValueHeads,
  size: config.headSize,
  heads: config.heads,
  share: config.heads / config.keyValueHeads,
})

/** [batch · length, heads · size] -> [batch, heads, length, size], or [batch, heads, size, length] when `flipped`. */
const split = (x: tf.Tensor2D, shape: AttentionShape, size: number, flipped = false): tf.Tensor =>
  tf.transpose(tf.reshape(x, [shape.batch, shape.length, -1, size]), flipped ? [0, 2, 3, 1] : [0, 2, 1, 3])

/** The way back. */
const merge = (x: tf.Tensor, shape: AttentionShape, heads: number, size: number): tf.Tensor2D =>
  tf.reshape(tf.transpose(tf.reshape(x, [shape.batch, heads, shape.length, size]), [0, 2, 1, 3]), [
    shape.batch * shape.length,
    heads * size,
  ]) as tf.Tensor2D

const flip = (x: tf.Tensor3D): tf.Tensor3D => tf.transpose(x, [0, 2, 1])

/** Attention of rotated queries, keys and values, each [batch · length, heads · headSize]. */
export function attention(
  config: TransformerConfig,
  shape: AttentionShape,
  q: tf.Tensor2D,
  k: tf.Tensor2D,
  v: tf.Tensor2D,
): { output: tf.Tensor2D; trace: AttentionTrace } {
  const { groups, size, heads, share } = headOf(config, shape.batch)
  const { batch, length } = shape
  return tf.tidy(() => {
    const queries = tf.reshape(split(tf.mul(q, 1 / Math.sqrt(size)), shape, size), [
      groups,
      share * length,
      size,
    ]) as tf.Tensor3D
    const flippedKeys = tf.reshape(split(k, shape, size, true), [groups, size, length]) as tf.Tensor3D
    const keys = tf.reshape(split(k, shape, size), [groups, length, size]) as tf.Tensor3D
    const values = tf.reshape(split(v, shape, size), [groups, length, size]) as tf.Tensor3D
    const scores = tf.reshape(tf.matMul(queries, flippedKeys), [batch, heads, length, length])
    const probabilities = tf.reshape(tf.softmax(tf.add(scores, shape.mask)), [
      groups,
      share * length,
      length,
    ]) as tf.Tensor3D
    const output = merge(tf.matMul(probabilities, values), shape, heads, size)
    return { output, trace: { queries, keys, values, probabilities } }
  })
}

/** Gradients for the rotated queries, keys and values, from the gradient of the output [batch · length, heads · headSize]. */
export function attentionGradient(
  config: TransformerConfig,
  shape: AttentionShape,
  trace: AttentionTrace,
  dOutput: tf.Tensor2D,
): { q: tf.Tensor2D; k: tf.Tensor2D; v: tf.Tensor2D } {
  const { groups, size, heads, share } = headOf(config, shape.batch)
  const { queries, keys, values, probabilities: p } = trace
  return tf.tidy(() => {
    const dOut = tf.reshape(split(dOutput, shape, size), [groups, share * shape.length, size]) as tf.Tensor3D
    const dValues = tf.matMul(flip(p), dOut)
    const weighted = tf.mul(p, tf.matMul(dOut, flip(values)))
    const dScores = tf.sub(weighted, tf.mul(p, tf.sum(weighted, 2, true))) as tf.Tensor3D
    const dQueries = tf.mul(tf.matMul(dScores, keys), 1 / Math.sqrt(size))
    const dKeys = tf.matMul(flip(dScores), queries)
    return {
      q: merge(dQueries, shape, heads, size),
      k: merge(dKeys, shape, config.keyValueHeads, size),
      v: merge(dValues, shape, config.keyValueHeads, size),
    }
  })
}
