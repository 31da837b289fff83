/**
 * Rotary position embedding, "rotate half" as Hugging Face's Llama: y = x · cos + rotate(x) · sin, rotate([a, b]) = [-b, a].
 * rotate is a product with a constant signed permutation: one fast operation in place of two slices and a concatenation.
 */
import * as tf from "@tensorflow/tfjs-core"
import { activeKernels } from "./kernels.ts"
import { type Rope, ropeFrequencies } from "./rope.ts"
import { isSliding } from "./sliding-window.ts"
import type { TransformerConfig } from "./transformer-config.ts"

/** Angles for the rows of a batch: cos and sin [rows, 1, headSize], and the permutation [headSize, headSize]. */
export interface Rotation {
  cos: tf.Tensor3D
  sin: tf.Tensor3D
  permutation: tf.Tensor2D
}

/** The rotations of a batch: that of all layers, or of those that do not slide where the sliding ones have their own. */
export interface Rotations {
  full: Rotation
  sliding?: Rotation
}

/** The rotations of one row a position. */
export const createRotations = (config: TransformerConfig, positions: ArrayLike<number>): Rotations => ({
  full: createRotation({ theta: config.ropeTheta, scaling: config.ropeScaling }, config.headSize, positions),
  sliding: config.slidingRope && createRotation(config.slidingRope, config.headSize, positions),
})

export const rotationOf = (config: TransformerConfig, { full, sliding }: Rotations, layer: number): Rotation =>
  sliding !== undefined && isSliding(config, layer) ? sliding : full

export const disposeRotations = ({ full, sliding }: Rotations): void => {
  for (const { cos, sin, permutation } of sliding === undefined ? [full] : [full, sliding])
    tf.dispose([cos, sin, permutation])
}

function createRotation(rope: Rope, size: number, positions: ArrayLike<number>): Rotation {
  const half = size / 2
  const rows = positions.length
  const cos = new Float32Array(rows * size)
  const sin = new Float32Array(rows * size)
  const frequencies = ropeFrequencies(rope, size)
  for (let row = 0; row < rows; row++)
    for (let i = 0; i < half; i++) {
      const angle = positions[row]! * frequencies[i]!
      const at = row * size + i
      cos[at] = cos[at + half] = Math.cos(angle)
      sin[at] = sin[at + half] = Math.sin(angle)
    }
  const permutation = new Float32Array(size * size)
  for (let i = 0; i < half; i++) {
    permutation[(i + half) * size + i] = -1
    permutation[i * size + i + half] = 1
  }
  return {
    cos: tf.tensor3d(cos, [rows, 1, size]),
    sin: tf.tensor3d(sin, [rows, 1, size]),
    permutation: tf.tensor2d(permutation, [size, size]),
  }
}

/** Rotates [rows, heads · headSize]; `inverse` turns the other way, which is also the gradient. */
export function rotate(x: tf.Tensor2D, rotation: Rotation, inverse = false): tf.Tensor2D {
  const size = rotation.permutation.shape[0]
  const [rows, width] = x.shape
  const kernels = size % 8 === 0 ? activeKernels() : undefined
  if (kernels !== undefined) {
    const y = kernels.make<tf.Tensor2D>(x.shape)
    const [from, cos, sin, to] = [kernels.at(x), kernels.at(rotation.cos), kernels.at(rotation.sin), kernels.at(y)]
    kernels.rotate(from, cos, sin, to, rows, width / size, size, inverse ? -1 : 1)
    return y
  }
  return tf.tidy(() => {
    const shape: [number, number, number] = [rows, width / size, size]
    const turned = tf.reshape(tf.matMul(tf.reshape(x, [-1, size]) as tf.Tensor2D, rotation.permutation), shape)
    const straight = tf.mul(tf.reshape(x, shape), rotation.cos)
    const across = tf.mul(turned, rotation.sin)
    return tf.reshape(inverse ? tf.sub(straight, across) : tf.add(straight, across), [rows, width]) as tf.Tensor2D
  })
}
