/**
 * AdamW with global-norm clipping. Its state is plain tensors and a step count, so a saved run goes on exactly as it was.
 */
import * as tf from "@tensorflow/tfjs-core"
import { type Gradients, globalNorm } from "./gradients.ts"
import { replaceWeight, type TransformerModel, weightOf } from "./transformer-model.ts"

export interface AdamStepOptions {
  learningRate: number
  beta1?: number
  beta2?: number
  epsilon?: number
  /** Decoupled; applied to matrices only, never to norms. */
  weightDecay?: number
  /** Gradients are scaled down to this global norm. 0 or absent: no clipping. */
  clipNorm?: number
}

/** First and second moments by parameter name, and the number of steps taken. */
export interface OptimiserState {
  step: number
  first: Map<string, tf.Tensor>
  second: Map<string, tf.Tensor>
}

export const createOptimiser = (): OptimiserState => ({ step: 0, first: new Map(), second: new Map() })

/**
 * One AdamW step (as torch.optim.AdamW); returns the global norm before clipping. Where that is no finite number, weights and
 * moments stay as they are. Gradients are left to the caller.
 */
export function adamStep(
  model: TransformerModel,
  gradients: Gradients,
  state: OptimiserState,
  options: AdamStepOptions,
): { gradientNorm: number } {
  const { learningRate, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0, clipNorm = 0 } = options
  const gradientNorm = globalNorm(gradients)
  if (!Number.isFinite(gradientNorm)) return { gradientNorm }
  const scale = clipNorm > 0 && gradientNorm > clipNorm ? clipNorm / (gradientNorm + 1e-6) : 1
  state.step += 1
  const firstCorrection = 1 - beta1 ** state.step
  const secondCorrection = Math.sqrt(1 - beta2 ** state.step)
  for (const [name, raw] of gradients) {
    const weight = weightOf(model, name)
    const next = tf.tidy(() => {
      const gradient = scale === 1 ? raw : tf.mul(raw, scale)
      const first = blend(state.first.get(name), gradient, beta1)
      const second = blend(state.second.get(name), tf.square(gradient), beta2)
      const root = tf.add(tf.div(tf.sqrt(second), secondCorrection), epsilon)
      const move = tf.mul(tf.div(first, root), learningRate / firstCorrection)
      const kept = weightDecay > 0 && weight.rank > 1 ? tf.mul(weight, 1 - learningRate * weightDecay) : weight
      return { first, second, weight: tf.sub(kept, move) }
    })
    tf.dispose([state.first.get(name) ?? [], state.second.get(name) ?? []])
    state.first.set(name, next.first)
    state.second.set(name, next.second)
    replaceWeight(model, name, next.weight)
  }
  return { gradientNorm }
}

const blend = (moment: tf.Tensor | undefined, value: tf.Tensor, beta: number): tf.Tensor =>
  moment === undefined ? tf.mul(value, 1 - beta) : tf.add(tf.mul(moment, beta), tf.mul(value, 1 - beta))

export function disposeOptimiser(state: OptimiserState): void {
  tf.dispose([...state.first.values(), ...state.second.values()])
  state.first.clear()
  state.second.clear()
}
