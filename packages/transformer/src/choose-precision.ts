/** Whether a frozen base is multiplied faster in bf16, found out by one product of the model's own shape on the active backend. */
import * as tf from "@tensorflow/tfjs-core"
import { halfProduct, hasHalves, toHalf } from "./half-tensor.ts"
import type { Precision } from "./model-folder.ts"
import type { TransformerConfig } from "./transformer-config.ts"

export interface PrecisionChoice {
  precision: Precision
  /** Why, as a sentence. */
  reason: string
}

/** Rows of the product: as many as a small micro-batch has. */
const rows = 256
/** bf16 rounds, so it has to be worth it. */
const leastGain = 1.2

export function choosePrecision({ hiddenSize, innerSize }: TransformerConfig): PrecisionChoice {
  if (!hasHalves()) return { precision: "f32", reason: "Precision f32: bf16 is computed on the native backend only." }
  return tf.tidy(() => {
    const x = tf.randomNormal([rows, hiddenSize]) as tf.Tensor2D
    const weight = tf.randomNormal([innerSize, hiddenSize]) as tf.Tensor2D
    const half = toHalf(weight)
    const f32 = fastest(() => tf.matMul(x, weight, false, true))
    const bf16 = fastest(() => halfProduct(x, half, true))
    const precision: Precision = f32 > leastGain * bf16 ? "bf16" : "f32"
    const product = `[${rows}, ${hiddenSize}] x [${hiddenSize}, ${innerSize}]`
    return {
      precision,
      reason: `Precision ${precision}: ${product} takes ${f32.toFixed(2)} ms in f32, ${bf16.toFixed(2)} ms in bf16.`,
    }
  })
}

/** Milliseconds of the fastest of five, after one to warm up. */
function fastest(work: () => tf.Tensor): number {
  const times = Array.from({ length: 6 }, () => {
    const started = performance.now()
    work().dispose()
    return performance.now() - started
  })
  return Math.min(...times.slice(1))
}
