// Root-mean-square normalisation and its gradient: y = x · r · w with r = 1 / sqrt(mean(x²) + ε), a row at a time.

import * as tf from "@tensorflow/tfjs-core"

/** 1 / root mean square of every row: [rows, 1]. */
const scales = (x: tf.Tensor2D, epsilon: number): tf.Tensor2D =>
  tf.rsqrt(tf.add(tf.mean(tf.square(x), 1, true), epsilon)) as tf.Tensor2D

/** [rows, d] -> [rows, d]. */
export const rmsNorm = (x: tf.Tensor2D, weight: tf.Tensor, epsilon: number): tf.Tensor2D =>
  tf.tidy(() => tf.mul(tf.mul(x, scales(x, epsilon)), weight) as tf.Tensor2D)

/** Gradients of `rmsNorm`: for its input [rows, d] and its weight [d]. */
export const rmsNormGradient = (x: tf.Tensor2D, weight: tf.Tensor, epsilon: number, dy: tf.Tensor2D) =>
  tf.tidy(() => {
    const r = scales(x, epsilon)
    const unit = tf.mul(x, r)
    const scaled = tf.mul(dy, weight)
    const along = tf.mean(tf.mul(scaled, unit), 1, true)
    const input = tf.mul(tf.sub(scaled, tf.mul(unit, along)), r) as tf.Tensor2D
    return { input, weight: columnSums(tf.mul(dy, unit) as tf.Tensor2D) }
  })

/** Sums over rows as a product with a row of ones, which every backend does fast: [rows, d] -> [d]. */
function columnSums(x: tf.Tensor2D): tf.Tensor1D {
  return tf.reshape(tf.matMul(tf.ones([1, x.shape[0]]) as tf.Tensor2D, x), [x.shape[1]])
}
