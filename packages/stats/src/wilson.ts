/**
 * Wilson's score interval for a proportion: honest near 0 and 1 and at small n, where the textbook interval is not.
 * Invariant: 0 <= low <= successes/n <= high <= 1, and swapping successes with failures mirrors the interval.
 * Source: Wilson (1927), JASA 22:209-212.
 */
import { checkLevel, checkTrials } from "./checks.ts"
import { normalQuantile } from "./normal.ts"

export type Interval = [low: number, high: number]

/** A number and its interval, 95 % where nothing else was asked for. */
export interface Estimate {
  value: number
  ci: Interval
}

/** Interval of the success probability after `successes` in `n` trials. No continuity correction. */
export function wilsonInterval(successes: number, n: number, level = 0.95): Interval {
  checkTrials(successes, n)
  checkLevel(level)
  return [lowerBound(successes, n, level), 1 - lowerBound(n - successes, n, level)]
}

function lowerBound(successes: number, n: number, level: number): number {
  if (successes === 0) return 0
  const z = normalQuantile(0.5 + level / 2)
  const rate = successes / n
  const centre = rate + (z * z) / (2 * n)
  const spread = z * Math.sqrt((rate * (1 - rate)) / n + (z * z) / (4 * n * n))
  return Math.min(rate, (centre - spread) / (1 + (z * z) / n))
}
