/**
 * The exact interval of a proportion: never below the level it promises, so wider than Wilson's.
 * Invariant: it holds successes/n, lies in [0, 1], and is mirrored when successes and failures swap.
 * Source: Clopper & Pearson (1934), Biometrika 26:404-413.
 */
import { betaQuantile } from "./beta.ts"
import { checkLevel, checkTrials } from "./checks.ts"
import type { Interval } from "./wilson.ts"

export function clopperPearsonInterval(successes: number, n: number, level = 0.95): Interval {
  checkTrials(successes, n)
  checkLevel(level)
  const tail = (1 - level) / 2
  return [
    successes === 0 ? 0 : betaQuantile(tail, successes, n - successes + 1),
    successes === n ? 1 : betaQuantile(1 - tail, successes + 1, n - successes),
  ]
}
