/**
 * Paired bootstrap: how much would the mean difference move had other items been drawn?
 * Items are resampled with both scores together, so what makes an item hard cancels.
 * Invariant: same seed, same result; swapping a and b negates the difference and mirrors the interval exactly.
 * Source: Efron & Tibshirani (1993), An Introduction to the Bootstrap, chapters 13 and 16 (percentile interval, centred test).
 */
import { checkCount, checkLevel, checkPaired, checkSample } from "./checks.ts"
import { randomAt, streamKey } from "./random-stream.ts"
import type { Interval } from "./wilson.ts"

export interface BootstrapOptions {
  resamples?: number
  level?: number
  seed?: number
}
export interface BootstrapResult {
  difference: number
  ci: Interval
  p: number
}

/**
 * Percentile interval and two-sided p-value of mean(b) - mean(a) over paired items.
 * @param a one finite score an item
 * @param b scores of the same items in the same order
 * @returns p is the share of resamples as far from the observed difference as that is from 0, with one added to both counts
 */
export function pairedBootstrap(
  a: readonly number[],
  b: readonly number[],
  { resamples = 10_000, level = 0.95, seed = 0 }: BootstrapOptions = {},
): BootstrapResult {
  checkPaired(a, b)
  checkSample(a, "a")
  checkSample(b, "b")
  checkLevel(level)
  checkCount(resamples, "resamples")
  if (resamples < 1) throw new Error("resamples is 0: at least one is needed, 10000 is usual.")
  const n = a.length
  const differences = Float64Array.from(b, (value, index) => value - a[index]!)
  const difference = sum(differences) / n
  const means = resampledMeans(differences, resamples, seed)
  // Rounding must not split ties: resampled means closer than this are the same mean.
  const tolerance = 1e-12 * differences.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0)
  const extreme = means.filter((value) => Math.abs(value - difference) >= Math.abs(difference) - tolerance).length
  means.sort()
  const cut = Math.floor(((1 - level) / 2) * resamples)
  const ci: Interval = [Math.min(means[cut]!, difference), Math.max(means[resamples - 1 - cut]!, difference)]
  return { difference, ci, p: (extreme + 1) / (resamples + 1) }
}

function resampledMeans(differences: Float64Array, resamples: number, seed: number): Float64Array {
  const n = differences.length
  const scale = n / 2 ** 32
  return Float64Array.from({ length: resamples }, (_, resample) => {
    const key = streamKey(seed, resample)
    let total = 0
    for (let draw = 0; draw < n; draw += 1) total += differences[Math.floor(randomAt(key, draw) * scale)]!
    return total / n
  })
}

function sum(values: Float64Array): number {
  let total = 0
  for (const value of values) total += value
  return total
}
