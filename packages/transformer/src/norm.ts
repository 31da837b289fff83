/** Root-mean-square normalisation and its gradient: y = x · r · (w + offset) with r = 1 / sqrt(mean(x²) + ε), a row at a time. */
import * as tf from "@tensorflow/tfjs-core"
import { activeKernels } from "./kernels.ts"
import { isFrozen, type TransformerModel, weightOf } from "./transformer-model.ts"

/** What the norm `name` multiplies by: its weights, plus the config's offset. */
const scaleOf = (model: TransformerModel, name: string): tf.Tensor => {
  const { normOffset = 0 } = model.config
  const weight = weightOf(model, name)
  return normOffset === 0 ? weight : tf.add(weight, normOffset)
}

const inWidth = (x: tf.Tensor2D, width: number): tf.Tensor2D => (x.shape[1] === width ? x : tf.reshape(x, [-1, width]))

/** The norm `name` of a model over [rows, d], or head by head over [rows, heads · d]. */
export const norm = (model: TransformerModel, name: string, x: tf.Tensor2D): tf.Tensor2D =>
  tf.tidy(() => {
    const scale = scaleOf(model, name)
    const y = rmsNorm(inWidth(x, scale.size), scale, model.config.normEpsilon)
    return inWidth(y, x.shape[1])
  })

/** Gradients of `norm`: for its input and, unless that is frozen, its weight. */
export const normGradient = (
  model: TransformerModel,
  name: string,
  x: tf.Tensor2D,
  dy: tf.Tensor2D,
): { input: tf.Tensor2D; weight?: tf.Tensor } =>
  tf.tidy(() => {
    const scale = scaleOf(model, name)
    const rows = inWidth(x, scale.size)
    const { input, weight } = rmsNormGradient(
      rows,
      scale,
      model.config.normEpsilon,
      inWidth(dy, scale.size),
      isFrozen(model),
    )
    return { input: inWidth(input, x.shape[1]), weight }
  })

/** 1 / root mean square of every row: [rows, 1]. */
const scales = (x: tf.Tensor2D, epsilon: number): tf.Tensor2D =>
  tf.rsqrt(tf.add(tf.mean(tf.square(x), 1, true), epsilon)) as tf.Tensor2D

const kernelsForWidth = (width: number) => (width % 4 === 0 ? activeKernels() : undefined)

/** [rows, d] -> [rows, d]. */
function rmsNorm(x: tf.Tensor2D, weight: tf.Tensor, epsilon: number): tf.Tensor2D {
  const kernels = kernelsForWidth(x.shape[1])
  if (kernels === undefined) return tf.tidy(() => tf.mul(tf.mul(x, scales(x, epsilon)), weight) as tf.Tensor2D)
  const y = kernels.make<tf.Tensor2D>(x.shape)
  kernels.rmsNorm(kernels.at(x), kernels.at(weight), kernels.at(y), x.shape[0], x.shape[1], epsilon)
  return y
}

/** Gradients of `rmsNorm`: for its input [rows, d] and, unless that is frozen, its weight [d]. */
function rmsNormGradient(
  x: tf.Tensor2D,
  weight: tf.Tensor,
  epsilon: number,
  dy: tf.Tensor2D,
  frozen = false,
): { input: tf.Tensor2D; weight?: tf.Tensor } {
  const [rows, width] = x.shape
  const kernels = kernelsForWidth(width)
  if (kernels !== undefined) {
    const input = kernels.make<tf.Tensor2D>(x.shape)
    const sums = tf.zeros([width])
    const [from, by, d] = [kernels.at(x), kernels.at(weight), kernels.at(dy)]
    kernels.rmsNormGradient(from, by, d, kernels.at(input), kernels.at(sums), rows, width, epsilon)
    if (!frozen) return { input, weight: sums }
    sums.dispose()
    return { input }
  }
  return tf.tidy(() => {
    const r = scales(x, epsilon)
    const unit = tf.mul(x, r)
    const scaled = tf.mul(dy, weight)
    const along = tf.mean(tf.mul(scaled, unit), 1, true)
    const input = tf.mul(tf.sub(scaled, tf.mul(unit, along)), r) as tf.Tensor2D
    return frozen ? { input } : { input, weight: tf.sum(tf.mul(dy, unit), 0) }
  })
}
