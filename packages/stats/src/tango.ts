/**
 * Tango's score interval for the difference of two paired proportions: the differences that a score test does not reject.
 * It keeps its level where so few pairs differ that resampling them has nothing to draw from.
 * Invariant: it holds the observed difference, lies in [-1, 1], and swapping the systems mirrors it exactly.
 * Source: Tango (1998), Statistics in Medicine 17:891.
 */
import { checkCount, checkLevel, checkTrials } from "./checks.ts"
import { normalQuantile } from "./normal.ts"
import type { Interval } from "./wilson.ts"

/**
 * Of (b01 - c10) / n.
 * @param b01 items the first system got wrong and the second right
 * @param c10 items the first system got right and the second wrong
 */
export function tangoInterval(b01: number, c10: number, n: number, level = 0.95): Interval {
  checkCount(b01, "b01")
  checkCount(c10, "c10")
  checkTrials(b01 + c10, n)
  checkLevel(level)
  const z = normalQuantile(1 - (1 - level) / 2)
  return [-upperEnd(c10, b01, n, z), upperEnd(b01, c10, n, z)]
}

/** The largest difference that the counts are within z standard errors of, by bisection: the test grows with the difference. */
function upperEnd(b01: number, c10: number, n: number, z: number): number {
  let [low, high] = [(b01 - c10) / n, 1]
  for (;;) {
    const middle = (low + high) / 2
    if (middle <= low || middle >= high) return high
    const variance = n * (2 * likeliestShare(b01, c10, n, middle) + middle * (1 - middle))
    if ((b01 - c10 - n * middle) ** 2 <= z * z * variance) low = middle
    else high = middle
  }
}

/** The likeliest share of `c10` where the true difference is `difference`: the larger root of Tango's quadratic. */
function likeliestShare(b01: number, c10: number, n: number, difference: number): number {
  const half = (2 * n - b01 + c10) * difference - b01 - c10
  const constant = -c10 * difference * (1 - difference)
  const root = Math.sqrt(Math.max(0, half * half - 8 * n * constant))
  // Of the two forms of the root the one in which nothing cancels.
  return half > 0 ? (-2 * constant) / (half + root) : (root - half) / (4 * n)
}
