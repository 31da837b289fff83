/** The gate of the feed-forward block, silu(gate) · up, and its gradient. */
import * as tf from "@tensorflow/tfjs-core"
import { activeKernels } from "./kernels.ts"

const kernelsForSize = (size: number) => (size % 4 === 0 ? activeKernels() : undefined)

/** silu(gate) · up, all of one shape. */
export function gated(gate: tf.Tensor2D, up: tf.Tensor2D): tf.Tensor2D {
  const kernels = kernelsForSize(gate.size)
  if (kernels === undefined) return tf.tidy(() => tf.mul(tf.mul(gate, tf.sigmoid(gate)), up) as tf.Tensor2D)
  const out = kernels.make<tf.Tensor2D>(gate.shape)
  kernels.gated(kernels.at(gate), kernels.at(up), kernels.at(out), gate.size)
  return out
}

/** Gradients for both inputs of `gated`. */
export function gatedGradient(
  gate: tf.Tensor2D,
  up: tf.Tensor2D,
  dy: tf.Tensor2D,
): { gate: tf.Tensor2D; up: tf.Tensor2D } {
  const kernels = kernelsForSize(gate.size)
  if (kernels !== undefined) {
    const result = { gate: kernels.make<tf.Tensor2D>(gate.shape), up: kernels.make<tf.Tensor2D>(gate.shape) }
    const [g, u, d] = [kernels.at(gate), kernels.at(up), kernels.at(dy)]
    kernels.gatedGradient(g, u, d, kernels.at(result.gate), kernels.at(result.up), gate.size)
    return result
  }
  return tf.tidy(() => {
    const sigmoid = tf.sigmoid(gate)
    const silu = tf.mul(gate, sigmoid)
    const slope = tf.add(sigmoid, tf.mul(silu, tf.sub(1, sigmoid)))
    return { gate: tf.mul(tf.mul(dy, up), slope) as tf.Tensor2D, up: tf.mul(dy, silu) as tf.Tensor2D }
  })
}
