/**
 * The one comparison the matrix, the demo and `swirl compare` show: two systems on the same items.
 * The interval is a paired bootstrap; the p-value is McNemar's mid-p for right/wrong scores and the bootstrap's otherwise, and the result says which.
 * Invariant: swapping the systems negates the change, mirrors its interval and keeps p.
 */
import { checkPaired } from "./checks.ts"
import { mcnemarMidP } from "./mcnemar.ts"
import { mean } from "./mean.ts"
import { type BootstrapOptions, pairedBootstrap } from "./paired-bootstrap.ts"
import type { Interval } from "./wilson.ts"

export type Scores = readonly (boolean | number)[]

export interface PairedComparison {
  n: number
  accuracyA: number
  accuracyB: number
  change: {
    /** accuracyB - accuracyA */
    value: number
    ci: Interval
    ciMethod: "paired-bootstrap"
    p: number
    pMethod: "mcnemar-mid-p" | "paired-bootstrap"
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
  const { difference, ci, p: bootstrapP } = pairedBootstrap(a, b, options)
  const shared = { n: a.length, accuracyA: mean(a), accuracyB: mean(b) }
  const interval = { value: difference, ci, ciMethod: "paired-bootstrap" as const }
  if (![...a, ...b].every((score) => score === 0 || score === 1))
    return { ...shared, change: { ...interval, p: bootstrapP, pMethod: "paired-bootstrap" } }
  const onlyA = a.filter((score, index) => score > b[index]!).length
  const onlyB = b.filter((score, index) => score > a[index]!).length
  return {
    ...shared,
    change: { ...interval, p: mcnemarMidP(onlyB, onlyA), pMethod: "mcnemar-mid-p" },
    discordant: { onlyA, onlyB },
  }
}
