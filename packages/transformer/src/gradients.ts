/** Gradients that add up over micro-batches, by parameter name. */
import * as tf from "@tensorflow/tfjs-core"
import { addInto } from "./head.ts"
import type { Weights } from "./transformer-model.ts"

export type Gradients = Map<string, tf.Tensor>

export const createGradients = (): Gradients => new Map()

/** Adds `weights` to the store, which owns them from then on. */
export function accumulate(gradients: Gradients, weights: Weights): void {
  for (const [name, value] of Object.entries(weights)) gradients.set(name, addInto(gradients.get(name), value))
}

/** Euclidean norm over all parameters. */
export function globalNorm(gradients: Gradients): number {
  const squares = tf.tidy(() => tf.addN([...gradients.values()].map((value) => tf.sum(tf.square(value)))).dataSync())
  return Math.sqrt(squares[0] ?? 0)
}

/** Frees and forgets everything. */
export function clearGradients(gradients: Gradients): void {
  for (const value of gradients.values()) value.dispose()
  gradients.clear()
}
