// Learning rates by step: a linear warm-up, then constant or a cosine down to a floor.

export type Schedule = {
  readonly kind: "constant" | "cosine"
  readonly peak: number
  readonly warmupSteps?: number
  /** Steps in all; needed by the cosine. */
  readonly totalSteps?: number
  /** Where the cosine ends. Default 0. */
  readonly floor?: number
}

/** The learning rate of step `step`, counted from 0; the first warm-up step already moves. */
export function learningRateAt(schedule: Schedule, step: number): number {
  const { kind, peak, warmupSteps = 0, totalSteps, floor = 0 } = schedule
  if (step < warmupSteps) return (peak * (step + 1)) / warmupSteps
  if (kind === "constant") return peak
  if (totalSteps === undefined) throw new Error("A cosine schedule needs totalSteps.")
  const progress = Math.min(1, (step - warmupSteps) / Math.max(1, totalSteps - warmupSteps))
  return floor + (peak - floor) * 0.5 * (1 + Math.cos(Math.PI * progress))
}
