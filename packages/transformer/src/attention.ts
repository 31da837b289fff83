/**
 * Grouped-query attention over a whole batch of sequences under an additive mask, and its gradient.
 * On wasm our own kernel walks the causal triangle; elsewhere these are plain matrix products.
 * Heads that share a key-value head are stacked as extra query rows, so keys and values are never repeated.
 */
import * as tf from "@tensorflow/tfjs-core"
import { type Kernels, kernelsFor } from "./kernels.ts"
import { isSliding } from "./sliding-window.ts"
import { softCap, softCapGradient } from "./soft-cap.ts"
import type { TransformerConfig } from "./transformer-config.ts"

/**
 * `batch` sequences of `length` rows each. Plain operations need `mask`, [1 or batch, 1, length, length]: 0 where a row may
 * look, -1e9 elsewhere; sliding layers take `slidingMask` where it is given. The kernel needs `ends` [batch, length], int32 (see packing.ts), or neither when nothing branches.
 */
export interface AttentionShape {
  batch: number
  length: number
  mask?: tf.Tensor4D
  slidingMask?: tf.Tensor4D
  ends?: tf.Tensor2D
}

/** What the gradient needs beside the output: for the kernel q, k, v and log-sums, else queries, keys, values, probabilities. */
export type AttentionTrace = [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor]
/** A type, as `tf.tidy` passes no interfaces. */
type Attended = { output: tf.Tensor2D; trace: AttentionTrace }

interface HeadShape {
  groups: number
  size: number
  heads: number
  share: number
}
const headOf = (config: TransformerConfig, batch: number): HeadShape => ({
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

/** Attention in layer `index` of rotated queries, keys and values, each [batch · length, heads · headSize]. */
export function attention(
  config: TransformerConfig,
  shape: AttentionShape,
  index: number,
  q: tf.Tensor2D,
  k: tf.Tensor2D,
  v: tf.Tensor2D,
): Attended {
  const { groups, size, heads, share } = headOf(config, shape.batch)
  const { batch, length } = shape
  const kernels = kernelsFor(config)
  if (kernels !== undefined) {
    const output = kernels.make<tf.Tensor2D>(q.shape)
    const sums = kernels.make<tf.Tensor3D>([batch, heads, length])
    const { at } = kernels
    const scratch = kernels.scratch((size + 4) * (length + 4) + 4 * size)
    kernels.attend(
      at(q),
      at(k),
      at(v),
      at(output),
      at(sums),
      endsAt(kernels, shape),
      scratch,
      batch,
      length,
      heads,
      heads / share,
      size,
    )
    return { output, trace: [tf.clone(q), tf.clone(k), tf.clone(v), sums] }
  }
  const mask = (isSliding(config, index) ? shape.slidingMask : undefined) ?? shape.mask
  if (mask === undefined) throw new Error("Attention without the wasm kernels needs a mask.")
  return tf.tidy((): Attended => {
    const queries = tf.reshape(split(tf.mul(q, 1 / Math.sqrt(size)), shape, size), [
      groups,
      share * length,
      size,
    ]) as tf.Tensor3D
    const flippedKeys = tf.reshape(split(k, shape, size, true), [groups, size, length]) as tf.Tensor3D
    const keys = tf.reshape(split(k, shape, size), [groups, length, size]) as tf.Tensor3D
    const values = tf.reshape(split(v, shape, size), [groups, length, size]) as tf.Tensor3D
    const raw = tf.reshape(tf.matMul(queries, flippedKeys), [batch, heads, length, length])
    const scores = softCap(raw, config.attentionSoftCap)
    const probabilities = tf.reshape(tf.softmax(tf.add(scores, mask)), [groups, share * length, length]) as tf.Tensor3D
    const output = merge(tf.matMul(probabilities, values), shape, heads, size)
    return { output, trace: [queries, keys, values, probabilities] }
  })
}

/** From the gradient of capped scores to that of the scores, which are computed again where there is a cap. */
export function uncapped(config: TransformerConfig, dCapped: tf.Tensor3D, scores: () => tf.Tensor3D): tf.Tensor3D {
  const cap = config.attentionSoftCap
  return cap === undefined ? dCapped : softCapGradient(dCapped, softCap(scores(), cap), cap)
}

const endsAt = (kernels: Kernels, shape: AttentionShape): number =>
  shape.ends === undefined ? 0 : kernels.at(shape.ends)

interface Gradient {
  q: tf.Tensor2D
  k: tf.Tensor2D
  v: tf.Tensor2D
}

/** Gradients for the rotated queries, keys and values, from `output` and its gradient, both [batch · length, heads · headSize]. */
export function attentionGradient(
  config: TransformerConfig,
  shape: AttentionShape,
  trace: AttentionTrace,
  output: tf.Tensor2D,
  dOutput: tf.Tensor2D,
): Gradient {
  const { groups, size, heads, share } = headOf(config, shape.batch)
  const { batch, length } = shape
  const kernels = kernelsFor(config)
  if (kernels !== undefined) {
    const [q, k, v, sums] = trace
    const { at } = kernels
    const gradient: Gradient = {
      q: kernels.make(q.shape),
      k: tf.zerosLike(k) as tf.Tensor2D,
      v: tf.zerosLike(v) as tf.Tensor2D,
    }
    const scratch = kernels.scratch((2 * size + 8) * (length + 4) + 4 * size)
    const inputs = [at(q), at(k), at(v), at(output), at(sums), at(dOutput)]
    const outputs = [at(gradient.q), at(gradient.k), at(gradient.v)]
    kernels.attendGradient(
      ...inputs,
      ...outputs,
      endsAt(kernels, shape),
      scratch,
      batch,
      length,
      heads,
      heads / share,
      size,
    )
    return gradient
  }
  const [queries, keys, values, p] = trace as [tf.Tensor3D, tf.Tensor3D, tf.Tensor3D, tf.Tensor3D]
  return tf.tidy(() => {
    const dOut = tf.reshape(split(dOutput, shape, size), [groups, share * length, size]) as tf.Tensor3D
    const dValues = tf.matMul(p, dOut, true, false)
    const weighted = tf.mul(p, tf.matMul(dOut, values, false, true))
    const dCapped = tf.sub(weighted, tf.mul(p, tf.sum(weighted, 2, true))) as tf.Tensor3D
    const dScores = uncapped(config, dCapped, () => tf.matMul(queries, keys, false, true))
    const dQueries = tf.mul(tf.matMul(dScores, keys), 1 / Math.sqrt(size))
    const dKeys = tf.matMul(dScores, queries, true, false)
    return {
      q: merge(dQueries, shape, heads, size),
      k: merge(dKeys, shape, config.keyValueHeads, size),
      v: merge(dValues, shape, config.keyValueHeads, size),
    }
  })
}
