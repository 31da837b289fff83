/** Adam with decoupled weight decay, in double precision. Its state is saved with the weights, so a training goes on exactly. */
import type { AdamOptions } from "@swirl-ts/core"
import { newTable, type Table } from "./table.ts"

export interface Optimiser {
  steps: number
  first: Table
  second: Table
}

export const newOptimiser = (): Optimiser => ({ steps: 0, first: newTable(), second: newTable() })

/** Applies the gradient and clears it; returns its norm before clipping. */
export function adamStep(table: Table, gradient: Table, optimiser: Optimiser, options: AdamOptions): number {
  const { learningRate, beta1, beta2, epsilon, weightDecay, clipNorm } = options
  const { first, second } = optimiser
  const norm = Math.hypot(...gradient)
  const scale = clipNorm !== undefined && norm > clipNorm ? clipNorm / norm : 1
  optimiser.steps += 1
  for (const index of table.keys()) {
    const slope = gradient[index]! * scale
    first[index] = beta1 * first[index]! + (1 - beta1) * slope
    second[index] = beta2 * second[index]! + (1 - beta2) * slope * slope
    const mean = first[index]! / (1 - beta1 ** optimiser.steps)
    const spread = Math.sqrt(second[index]! / (1 - beta2 ** optimiser.steps))
    table[index]! -= learningRate * (mean / (spread + epsilon) + weightDecay * table[index]!)
  }
  gradient.fill(0)
  return norm
}
