/**
 * The paired permutation test: were the two systems the same, each item's difference could as well have the other sign.
 * Invariant: two-sided, in (0, 1], symmetric in its arguments; exact where all sign patterns can be counted, else the share of
 * random ones with one added to both counts. Source: Fisher (1935), The Design of Experiments, 21; Phipson & Smyth (2010).
 */
import { checkCount, checkPaired, checkSample } from "./checks.ts"
import { randomAt, streamKey } from "./random-stream.ts"

/** Up to this many differing items, all 2^n sign patterns are counted. */
const countable = 16

/** p of the mean difference of b and a on the same items; 1 where no item differs. */
export function pairedPermutation(
  a: readonly number[],
  b: readonly number[],
  { resamples = 10_000, seed = 0 }: { resamples?: number; seed?: number } = {},
): number {
  checkPaired(a, b)
  checkSample(a, "a")
  checkSample(b, "b")
  checkCount(resamples, "resamples")
  const differences = b.map((value, index) => value - a[index]!).filter((difference) => difference !== 0)
  const n = differences.length
  if (n === 0) return 1
  const observed = Math.abs(differences.reduce((sum, difference) => sum + difference, 0))
  // Rounding must not split ties.
  const threshold = observed - 1e-12 * differences.reduce((sum, difference) => sum + Math.abs(difference), 0)
  if (n <= countable) {
    const patterns = 2 ** n
    let extreme = 0
    for (let pattern = 0; pattern < patterns; pattern += 1) {
      let sum = 0
      for (let item = 0; item < n; item += 1) sum += (pattern >> item) & 1 ? differences[item]! : -differences[item]!
      if (Math.abs(sum) >= threshold) extreme += 1
    }
    return extreme / patterns
  }
  let extreme = 0
  for (let resample = 0; resample < resamples; resample += 1) {
    const key = streamKey(seed, resample)
    let sum = 0
    for (let item = 0; item < n; item += 1)
      sum += randomAt(key, item) >= 2 ** 31 ? differences[item]! : -differences[item]!
    if (Math.abs(sum) >= threshold) extreme += 1
  }
  return (extreme + 1) / (resamples + 1)
}
