/**
 * The bootstrap that the intervals here share: a statistic over draws with replacement, many times, and its percentiles.
 * Invariant: same seed, same interval, and it holds the statistic itself.
 */
import { checkCount, checkLevel } from "./checks.ts"
import { randomAt, streamKey } from "./random-stream.ts"
import type { Estimate } from "./wilson.ts"

export interface ResamplingOptions {
  resamples?: number
  level?: number
  seed?: number
}

/** Positions of `count` draws from `from` things, with replacement. */
export type Draw = (from: number, count: number) => number[]

/** The statistic of every resample, in order of size. */
export function resampled(
  statistic: (draw: Draw) => number,
  { resamples = 10_000, level = 0.95, seed = 0 }: ResamplingOptions,
): { sorted: Float64Array; level: number } {
  checkLevel(level)
  checkCount(resamples, "resamples")
  if (resamples < 1) throw new Error("resamples is 0: at least one is needed, 10000 is usual.")
  const sorted = Float64Array.from({ length: resamples }, (_, resample) => {
    const key = streamKey(seed, resample)
    let used = 0
    return statistic((from, count) =>
      Array.from({ length: count }, () => Math.floor((randomAt(key, used++) / 2 ** 32) * from)),
    )
  }).sort()
  return { sorted, level }
}

/** The percentile interval, stretched to hold `value` where rounding would leave it out. */
export function percentileInterval(value: number, { sorted, level }: ReturnType<typeof resampled>): Estimate {
  const cut = Math.floor(((1 - level) / 2) * sorted.length)
  return { value, ci: [Math.min(value, sorted[cut]!), Math.max(value, sorted[sorted.length - 1 - cut]!)] }
}
