/** The gate of the feed-forward block, activation(gate) · up, and its gradient. The activation is SiLU, or GELU by tanh. */
import * as tf from "@tensorflow/tfjs-core"
import { activeKernels } from "./kernels.ts"
import type { Activation, TransformerConfig } from "./transformer-config.ts"

const kernelsForSize = (size: number, activation: Activation) =>
  size % 4 === 0 && activation === "silu" ? activeKernels() : undefined

interface Curve {
  value: tf.Tensor
  slope(): tf.Tensor
}

function silu(x: tf.Tensor): Curve {
  const sigmoid = tf.sigmoid(x)
  const value = tf.mul(x, sigmoid)
  return { value, slope: () => tf.add(sigmoid, tf.mul(value, tf.sub(1, sigmoid))) }
}

/** x/2 · (1 + tanh(√(2/π) · (x + 0.044715 x³))). */
function gelu(x: tf.Tensor): Curve {
  const [root, cubic] = [Math.sqrt(2 / Math.PI), 0.044715]
  const square = tf.square(x)
  const bend = tf.tanh(tf.mul(tf.mul(x, tf.add(1, tf.mul(square, cubic))), root))
  const half = tf.mul(tf.add(bend, 1), 0.5)
  return {
    value: tf.mul(x, half),
    slope() {
      const steep = tf.mul(tf.add(1, tf.mul(square, 3 * cubic)), root / 2)
      return tf.add(half, tf.mul(tf.mul(x, tf.sub(1, tf.square(bend))), steep))
    },
  }
}

const curves: Readonly<Record<Activation, (x: tf.Tensor) => Curve>> = { silu, "gelu-tanh": gelu }

/** activation(gate) · up, all of one shape. */
export function gated({ activation = "silu" }: TransformerConfig, gate: tf.Tensor2D, up: tf.Tensor2D): tf.Tensor2D {
  const kernels = kernelsForSize(gate.size, activation)
  if (kernels === undefined) return tf.tidy(() => tf.mul(curves[activation](gate).value, up) as tf.Tensor2D)
  const out = kernels.make<tf.Tensor2D>(gate.shape)
  kernels.gated(kernels.at(gate), kernels.at(up), kernels.at(out), gate.size)
  return out
}

/** Gradients for both inputs of `gated`. */
export function gatedGradient(
  { activation = "silu" }: TransformerConfig,
  gate: tf.Tensor2D,
  up: tf.Tensor2D,
  dy: tf.Tensor2D,
): { gate: tf.Tensor2D; up: tf.Tensor2D } {
  const kernels = kernelsForSize(gate.size, activation)
  if (kernels !== undefined) {
    const result = { gate: kernels.make<tf.Tensor2D>(gate.shape), up: kernels.make<tf.Tensor2D>(gate.shape) }
    const [g, u, d] = [kernels.at(gate), kernels.at(up), kernels.at(dy)]
    kernels.gatedGradient(g, u, d, kernels.at(result.gate), kernels.at(result.up), gate.size)
    return result
  }
  return tf.tidy(() => {
    const { value, slope } = curves[activation](gate)
    return { gate: tf.mul(tf.mul(dy, up), slope()) as tf.Tensor2D, up: tf.mul(dy, value) as tf.Tensor2D }
  })
}
