/**
 * Cohen's kappa and its interval: how far two raters agree beyond chance, and how well that is known.
 * Invariant: the interval holds kappa, lies within -1 and 1, does not depend on the order of the raters or of the labels,
 * and is never a single point: where the standard error is 0 it is what Wilson's interval of the agreement implies.
 * Sources: Cohen (1960); Fleiss, Cohen & Everitt (1969), Psychological Bulletin 72:323-327, for the standard error.
 */
import { checkLevel, checkPaired } from "./checks.ts"
import { normalQuantile } from "./normal.ts"
import { type Estimate, type Interval, wilsonInterval } from "./wilson.ts"

export interface KappaInterval extends Estimate {
  standardError: number
  n: number
}

/**
 * Agreement of two raters beyond chance, for any labels compared by identity.
 * @returns 1 for perfect agreement, 0 for chance; undefined when both used a single common label (0/0)
 */
export function cohenKappa<Label extends string | number | boolean>(
  a: readonly Label[],
  b: readonly Label[],
): number | undefined {
  checkPaired(a, b)
  const n = a.length
  const agreed = a.filter((label, index) => label === b[index]).length
  const [countsA, countsB] = [countLabels(a), countLabels(b)]
  let byChance = 0
  for (const [label, count] of countsA) byChance += count * (countsB.get(label) ?? 0)
  return byChance === n * n ? undefined : (agreed * n - byChance) / (n * n - byChance)
}

/**
 * Kappa of two raters on the same items in the same order, labels compared by identity.
 * @returns undefined where both used a single common label: there is no agreement beyond chance to speak of (0/0)
 */
export function kappaInterval<Label extends string | number | boolean>(
  a: readonly Label[],
  b: readonly Label[],
  { level = 0.95 }: { level?: number } = {},
): KappaInterval | undefined {
  checkLevel(level)
  const value = cohenKappa(a, b)
  if (value === undefined) return undefined
  const n = a.length
  const labels = [...new Set([...a, ...b])]
  const shareA = shares(a)
  const shareB = shares(b)
  const cells = jointShares(a, b)
  let byChance = 0
  let agreed = 0
  for (const label of labels) byChance += (shareA.get(label) ?? 0) * (shareB.get(label) ?? 0)
  let spread = -((value - byChance * (1 - value)) ** 2)
  for (const { first, second, share } of cells) {
    if (first === second) {
      agreed += share
      spread += share * (1 - (shareA.get(first)! + shareB.get(first)!) * (1 - value)) ** 2
    } else {
      spread += share * ((1 - value) * ((shareB.get(first) ?? 0) + (shareA.get(second) ?? 0))) ** 2
    }
  }
  const standardError = Math.sqrt(Math.max(0, spread) / n) / (1 - byChance)
  const reach = normalQuantile(0.5 + level / 2) * standardError
  const count = Math.round(agreed * n)
  if (count === n || standardError < 1e-6) {
    // Raters that never disagreed, or one that always said the same: the formula gives 0, which is no certainty.
    const [low, high] = wilsonInterval(count, n, level)
    const beyondChance = (rate: number): number => clamp((rate - byChance) / (1 - byChance))
    const ci: Interval = [Math.min(value, beyondChance(low)), Math.max(value, beyondChance(high))]
    return { value, ci, standardError, n }
  }
  return { value, ci: [clamp(value - reach), clamp(value + reach)], standardError, n }
}

const clamp = (kappa: number): number => Math.max(-1, Math.min(1, kappa))

const shares = <Label>(labels: readonly Label[]): Map<Label, number> =>
  new Map([...countLabels(labels)].map(([label, count]) => [label, count / labels.length]))

/** Shares of the pairs of labels that occur. */
function jointShares<Label>(
  a: readonly Label[],
  b: readonly Label[],
): { first: Label; second: Label; share: number }[] {
  const rows = new Map<Label, Map<Label, number>>()
  a.forEach((first, index) => {
    const row = rows.get(first) ?? new Map<Label, number>()
    row.set(b[index]!, (row.get(b[index]!) ?? 0) + 1)
    rows.set(first, row)
  })
  return [...rows].flatMap(([first, row]) =>
    [...row].map(([second, count]) => ({ first, second, share: count / a.length })),
  )
}

function countLabels<Label>(labels: readonly Label[]): Map<Label, number> {
  const counts = new Map<Label, number>()
  for (const label of labels) {
    if (typeof label === "number" && Number.isNaN(label))
      throw new Error("A label is NaN: leave unlabelled items out first.")
    counts.set(label, (counts.get(label) ?? 0) + 1)
  }
  return counts
}
