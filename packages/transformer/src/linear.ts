/**
 * Matrix products, the way each backend does them fast. Weights are [out, in]; inputs [rows, in].
 * wasm multiplies a transposed operand about ten times slower than transposing first, so it is never given one.
 */
import * as tf from "@tensorflow/tfjs-core"
import { activeKernels } from "./kernels.ts"
import { type TransformerModel, weightOf } from "./transformer-model.ts"

const transposesFirst = (): boolean => tf.getBackend() === "wasm"

/** The [in, out] copy of a weight, kept until the weight changes. */
function transposedWeight(model: TransformerModel, name: string): tf.Tensor2D {
  const known = model.transposed.get(name)
  if (known !== undefined) return known
  const copy = tf.keep(transpose(weightOf(model, name) as tf.Tensor2D))
  model.transposed.set(name, copy)
  return copy
}

/** x · Wᵀ: [rows, in] -> [rows, out]. */
export const linear = (model: TransformerModel, name: string, x: tf.Tensor2D): tf.Tensor2D =>
  transposesFirst()
    ? tf.matMul(x, transposedWeight(model, name))
    : tf.matMul(x, weightOf(model, name) as tf.Tensor2D, false, true)

/** The gradient of `linear` for its input: dy · W, [rows, out] -> [rows, in]. */
export const linearInputGradient = (model: TransformerModel, name: string, dy: tf.Tensor2D): tf.Tensor2D =>
  tf.matMul(dy, weightOf(model, name) as tf.Tensor2D)

/** The gradient of `linear` for its weight: dyᵀ · x, [out, in]. */
export const linearWeightGradient = (dy: tf.Tensor2D, x: tf.Tensor2D): tf.Tensor2D =>
  transposesFirst() ? tf.tidy(() => tf.matMul(transpose(dy), x)) : tf.matMul(dy, x, true, false)

/** xᵀ, copied. */
function transpose(x: tf.Tensor2D): tf.Tensor2D {
  const kernels = activeKernels()
  if (kernels === undefined) return tf.transpose(x)
  const [rows, columns] = x.shape
  const out = kernels.make<tf.Tensor2D>([columns, rows])
  kernels.transpose(kernels.at(x), kernels.at(out), rows, columns)
  return out
}
