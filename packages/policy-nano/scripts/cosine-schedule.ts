/** The learning rate of pre-training: a linear warm-up, then half a cosine down to a floor. */
export interface CosineSchedule {
  peak: number
  warmupSteps: number
  totalSteps: number
  /** Where the cosine ends. */
  floor: number
}

/** The learning rate of step `step`, counted from 0; the first warm-up step already moves. */
export function cosineLearningRate({ peak, warmupSteps, totalSteps, floor }: CosineSchedule, step: number): number {
  if (step < warmupSteps) return (peak * (step + 1)) / warmupSteps
  const progress = Math.min(1, (step - warmupSteps) / Math.max(1, totalSteps - warmupSteps))
  return floor + (peak - floor) * 0.5 * (1 + Math.cos(Math.PI * progress))
}
