/** Learning rate: linear warm-up, then constant. It does not depend on the number of iterations. */
export function learningRateAt(step: number, options: { learningRate: number; warmup: number }): number {
  return options.learningRate * Math.min(1, step / Math.max(1, options.warmup))
}
