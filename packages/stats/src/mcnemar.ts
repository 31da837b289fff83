/**
 * McNemar's test for two systems on the same items: only the items on which they disagree speak.
 * Two-sided binomial, exact (the chance of a split at least as lopsided) or mid-p (one as lopsided counts half).
 * Invariant: symmetric in its arguments, in (0, 1]. Source: Fagerland, Lydersen, Laake (2013), BMC Med. Res. Methodol. 13:91.
 */
import { checkCount } from "./checks.ts"

/**
 * @param b01 items the first system got wrong and the second right
 * @param c10 items the first system got right and the second wrong
 * @returns the two-sided mid-p; 1 when the systems never disagree (no evidence either way)
 */
export function mcnemarMidP(b01: number, c10: number): number {
  if (b01 === c10 && b01 > 0) return 1 - split(b01, c10).atSmaller / 2
  const { below, atSmaller } = split(b01, c10)
  return Math.min(1, 2 * below + atSmaller)
}

/** As `mcnemarMidP`, without the halving: never below the level it promises, so it needs more to be convinced. */
export function mcnemarExact(b01: number, c10: number): number {
  const { below, atSmaller } = split(b01, c10)
  return Math.min(1, 2 * (below + atSmaller))
}

/** The chance of the smaller of the two counts in fair tosses, and of a smaller one still. */
function split(b01: number, c10: number): { below: number; atSmaller: number } {
  checkCount(b01, "b01")
  checkCount(c10, "c10")
  const n = b01 + c10
  const smaller = Math.min(b01, c10)
  const atSmaller = n === 0 ? 1 : Math.exp(logFairProbability(smaller, n))
  // Probabilities below `smaller` fall at least geometrically once past the middle, so the sum ends after about sqrt(n) terms.
  let below = 0
  let term = atSmaller
  for (let k = smaller; k > 0 && term > below * 1e-17; k -= 1) {
    term *= k / (n - k + 1)
    below += term
  }
  return { below, atSmaller }
}

/** log P(k heads in n fair tosses) by Stirling's formula with its remainder, so that nothing large cancels [Loader 2000]. */
function logFairProbability(k: number, n: number): number {
  if (k === 0) return -n * Math.LN2
  const lean = (n - 2 * k) / n
  const divergence = (n / 2) * ((1 - lean) * Math.log1p(-lean) + (1 + lean) * Math.log1p(lean))
  const remainder = stirlingRemainder(n) - stirlingRemainder(k) - stirlingRemainder(n - k)
  return remainder - divergence + 0.5 * Math.log(n / (2 * Math.PI * k * (n - k)))
}

/** log n! - log(sqrt(2 pi n) (n/e)^n) for n >= 1. */
function stirlingRemainder(n: number): number {
  if (n < 16) {
    let logFactorial = 0
    for (let i = 2; i <= n; i += 1) logFactorial += Math.log(i)
    return logFactorial - (0.5 * Math.log(2 * Math.PI * n) + n * Math.log(n) - n)
  }
  const s = 1 / (n * n)
  return (1 / 12 - s * (1 / 360 - s * (1 / 1260 - s * (1 / 1680 - s / 1188)))) / n
}
