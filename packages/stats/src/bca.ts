/**
 * The bias-corrected and accelerated bootstrap of a mean: percentiles moved where the bootstrap is skewed.
 * Invariant: same seed, same interval; a sample without spread has a point. Source: Efron (1987), JASA 82:171-185.
 */
import { type ResamplingOptions, resampled } from "./bootstrap.ts"
import { mean } from "./mean.ts"
import { normalDistribution, normalQuantile } from "./normal.ts"
import type { Estimate, Interval } from "./wilson.ts"

/** Interval of the mean of `values`, e.g. of paired differences. */
export function bcaInterval(values: readonly number[], options: ResamplingOptions = {}): Estimate {
  const value = mean(values)
  const n = values.length
  const total = value * n
  const { sorted, level } = resampled((draw) => {
    let sum = 0
    for (const index of draw(n, n)) sum += values[index]!
    return sum / n
  }, options)
  const tolerance = 1e-12 * values.reduce((largest, each) => Math.max(largest, Math.abs(each)), 0)
  if (n < 2 || sorted[sorted.length - 1]! - sorted[0]! <= tolerance) return { value, ci: [value, value] }
  let [below, equal] = [0, 0]
  for (const each of sorted) {
    if (each < value - tolerance) below += 1
    else if (each <= value + tolerance) equal += 1
  }
  const bias = normalQuantile(Math.min(1 - 1e-9, Math.max(1e-9, (below + equal / 2) / sorted.length)))
  // The jackknife means of a mean differ from it by (mean - value) / (n - 1).
  let [squares, cubes] = [0, 0]
  for (const each of values) {
    const away = value - (total - each) / (n - 1)
    squares += away ** 2
    cubes += away ** 3
  }
  const acceleration = cubes / (6 * squares ** 1.5)
  const end = (z: number): number => {
    const share = normalDistribution(bias + (bias + z) / (1 - acceleration * (bias + z)))
    return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!
  }
  const z = normalQuantile(0.5 + level / 2)
  const ci: Interval = [Math.min(value, end(-z)), Math.max(value, end(z))]
  return { value, ci }
}
