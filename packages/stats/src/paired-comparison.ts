/**
 * The one comparison the matrix, the demo and `swirl compare` show: two systems on the same items.
 * The interval is a paired bootstrap. Where fewer than `fewest` right/wrong items differ, too few to draw from, it is Tango's score interval.
 * Where no item differs it is what the share of items
 * that differ may be for all that n equal ones say (`unseenShare`); of scores that are not right/wrong it is never narrower
 * than that. Scores that were seen outside [0, 1] have a range that nobody knows: theirs is the paired t interval, which assumes none,
 * nor narrower than what the range that was seen allows. The p-value is McNemar's mid-p for right/wrong scores and the paired permutation test's otherwise. The result says which.
 * Invariant: swapping the systems negates the change, mirrors its interval and keeps p.
 */
import { checkPaired, checkSample } from "./checks.ts"
import { mcnemarMidP } from "./mcnemar.ts"
import { mean } from "./mean.ts"
import { pairedMeanInterval } from "./mean-interval.ts"
import { type BootstrapOptions, pairedBootstrap } from "./paired-bootstrap.ts"
import { pairedPermutation } from "./permutation.ts"
import { isWithinUnit, scoreRange, unseenShare } from "./score-interval.ts"
import { tangoInterval } from "./tango.ts"
import type { Interval } from "./wilson.ts"

/** Items that differ, for a percentile bootstrap to hold about what it says. */
const fewest = 10

export type Scores = readonly (boolean | number)[]

export interface PairedComparison {
  n: number
  accuracyA: number
  accuracyB: number
  change: {
    /** accuracyB - accuracyA */
    value: number
    ci: Interval
    /** `tango-score`: few items differ. `none-differs`: no item has two different scores; the interval is the bound that this many equal items set. */
    ciMethod: "paired-bootstrap" | "tango-score" | "none-differs" | "paired-t"
    p: number
    pMethod: "mcnemar-mid-p" | "paired-permutation"
  }
  /** For right/wrong scores: on how many items only one of the two was right. */
  discordant?: { onlyA: number; onlyB: number }
}

/**
 * Compares two systems item by item.
 * @param base scores of system A, one an item: booleans, or finite numbers (fractions such as an F1 are fine)
 * @param other scores of system B on the same items in the same order
 */
export function pairedComparison(base: Scores, other: Scores, options: BootstrapOptions = {}): PairedComparison {
  checkPaired(base, other, "base", "other")
  const a = base.map(Number)
  const b = other.map(Number)
  checkSample(a, "a")
  checkSample(b, "b")
  const shared = { n: a.length, accuracyA: mean(a), accuracyB: mean(b) }
  const isRightOrWrong = [...a, ...b].every((score) => score === 0 || score === 1)
  const interval = changeInterval(a, b, isRightOrWrong, options)
  if (!isRightOrWrong) {
    const p = pairedPermutation(a, b, options)
    return { ...shared, change: { ...interval, p, pMethod: "paired-permutation" } }
  }
  const [onlyA, onlyB] = [countMore(a, b), countMore(b, a)]
  return {
    ...shared,
    change: { ...interval, p: mcnemarMidP(onlyB, onlyA), pMethod: "mcnemar-mid-p" },
    discordant: { onlyA, onlyB },
  }
}

const countMore = (of: readonly number[], than: readonly number[]): number =>
  of.filter((score, index) => score > than[index]!).length

function changeInterval(
  a: readonly number[],
  b: readonly number[],
  isRightOrWrong: boolean,
  options: BootstrapOptions,
): Pick<PairedComparison["change"], "value" | "ci" | "ciMethod"> {
  const [lowest, highest] = scoreRange([...a, ...b])
  const unseen = unseenShare(a.length, options.level)
  const bound = (value: number): Interval => [
    value - unseen * (highest - lowest + value),
    value + unseen * (highest - lowest - value),
  ]
  if (a.every((score, index) => score === b[index])) return { value: 0, ci: bound(0), ciMethod: "none-differs" }
  const [onlyA, onlyB] = [countMore(a, b), countMore(b, a)]
  if (isRightOrWrong && onlyA + onlyB < fewest)
    return {
      value: (onlyB - onlyA) / a.length,
      ci: tangoInterval(onlyB, onlyA, a.length, options.level),
      ciMethod: "tango-score",
    }
  if (!isWithinUnit([...a, ...b]) && a.length > 1) {
    const { value, ci } = pairedMeanInterval(a, b, options.level)
    const [low, high] = bound(value)
    return { value, ci: [Math.min(low, ci[0]), Math.max(high, ci[1])], ciMethod: "paired-t" }
  }
  const { difference: value, ci } = pairedBootstrap(a, b, options)
  const [low, high] = isRightOrWrong ? ci : bound(value)
  return { value, ci: [Math.min(low, ci[0]), Math.max(high, ci[1])], ciMethod: "paired-bootstrap" }
}
