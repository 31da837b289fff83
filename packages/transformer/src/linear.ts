/**
 * Matrix products, the way each backend does them fast, with what adapters add. Weights are [out, in]; inputs [rows, in].
 * wasm multiplies a transposed operand about ten times slower than transposing first, so it is never given one.
 */
import * as tf from "@tensorflow/tfjs-core"
import { adapterName, adapterPair } from "./adapter.ts"
import { halfProduct, halfRows, isHalf } from "./half-tensor.ts"
import { activeKernels } from "./kernels.ts"
import { type TransformerModel, type Weights, weightOf } from "./transformer-model.ts"

const transposesFirst = (): boolean => tf.getBackend() === "wasm"

/** The [in, out] copy of a weight, kept until the weight changes. */
function transposedWeight(model: TransformerModel, name: string): tf.Tensor2D {
  const known = model.transposed.get(name)
  if (known !== undefined) return known
  const copy = tf.keep(transpose(weightOf(model, name) as tf.Tensor2D))
  model.transposed.set(name, copy)
  return copy
}

/** x · Wᵀ, and what the adapters add: [rows, in] -> [rows, out]. */
export function linear(model: TransformerModel, name: string, x: tf.Tensor2D): tf.Tensor2D {
  const weight = weightOf(model, name)
  const base = (): tf.Tensor2D => {
    if (isHalf(weight)) return halfProduct(x, weight, true)
    return transposesFirst()
      ? tf.matMul(x, transposedWeight(model, name))
      : tf.matMul(x, weight as tf.Tensor2D, false, true)
  }
  const pairs = model.adapters.flatMap((adapter) => adapterPair(adapter, name) ?? [])
  if (pairs.length === 0) return base()
  return tf.tidy(() =>
    pairs.reduce((y, { down, up }) => tf.add(y, tf.matMul(tf.matMul(x, down), up)) as tf.Tensor2D, base()),
  )
}

/** The gradient of `linear` for its input alone: dy · W and the adapters' part, [rows, out] -> [rows, in]. */
export function linearInputGradient(model: TransformerModel, name: string, dy: tf.Tensor2D): tf.Tensor2D {
  const weight = weightOf(model, name)
  const base = (): tf.Tensor2D =>
    isHalf(weight) ? halfProduct(dy, weight, false) : tf.matMul(dy, weight as tf.Tensor2D)
  const pairs = model.adapters.flatMap((adapter) => {
    const pair = adapterPair(adapter, name)
    return pair === undefined ? [] : [{ ...pair, scale: adapter.scale }]
  })
  if (pairs.length === 0) return base()
  return tf.tidy(() =>
    pairs.reduce(
      (dx, { a, b, scale }) => tf.add(dx, tf.matMul(tf.mul(tf.matMul(dy, b), scale), a)) as tf.Tensor2D,
      base(),
    ),
  )
}

/** The gradients of `linear` at its input x for what is trained of it, by name: its weight, the matrices of an adapter, or nothing. */
export function linearWeightGradients(model: TransformerModel, name: string, dy: tf.Tensor2D, x: tf.Tensor2D): Weights {
  const { trained } = model
  if (trained === undefined) return { [name]: linearWeightGradient(dy, x) }
  const pair = adapterPair(trained, name)
  if (pair === undefined) return {}
  return tf.tidy(() => ({
    [adapterName(name, "A")]: linearWeightGradient(tf.mul(tf.matMul(dy, pair.b), trained.scale), x),
    [adapterName(name, "B")]: tf.mul(linearWeightGradient(dy, tf.matMul(x, pair.down)), trained.scale),
  }))
}

/** dyᵀ · x, [out, in]. */
export const linearWeightGradient = (dy: tf.Tensor2D, x: tf.Tensor2D): tf.Tensor2D =>
  transposesFirst() ? tf.tidy(() => tf.matMul(transpose(dy), x)) : tf.matMul(dy, x, true, false)

/** Rows of a weight by their indices, as f32: [indices, in]. */
export function weightRows(model: TransformerModel, name: string, indices: tf.Tensor1D): tf.Tensor2D {
  const weight = weightOf(model, name)
  return isHalf(weight) ? halfRows(weight, indices) : (tf.gather(weight, indices) as tf.Tensor2D)
}

/** xᵀ, copied. */
function transpose(x: tf.Tensor2D): tf.Tensor2D {
  const kernels = activeKernels()
  if (kernels === undefined) return tf.transpose(x)
  const [rows, columns] = x.shape
  const out = kernels.make<tf.Tensor2D>([columns, rows])
  kernels.transpose(kernels.at(x), kernels.at(out), rows, columns)
  return out
}
