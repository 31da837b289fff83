/** Effect sizes: how large a change is, in units that do not depend on how many items were seen. Source: Cohen (1988), chapters 2 and 6. */
import { checkPaired, checkSample } from "./checks.ts"
import { mean } from "./mean.ts"

/** Cohen's h of two proportions: 2 asin sqrt(b) - 2 asin sqrt(a); .2 is small, .5 medium, .8 large. */
export function cohenH(a: number, b: number): number {
  for (const rate of [a, b])
    if (!(rate >= 0 && rate <= 1)) throw new Error(`${rate} is no proportion: it lies in [0, 1].`)
  return 2 * Math.asin(Math.sqrt(b)) - 2 * Math.asin(Math.sqrt(a))
}

/** Cohen's d of paired items (d_z): mean difference over its standard deviation; undefined where no pair differs from another. */
export function cohenDz(a: readonly number[], b: readonly number[]): number | undefined {
  checkPaired(a, b)
  checkSample(a, "a")
  checkSample(b, "b")
  const differences = b.map((value, index) => value - a[index]!)
  const centre = mean(differences)
  const squares = differences.reduce((sum, difference) => sum + (difference - centre) ** 2, 0)
  return differences.length < 2 || squares === 0 ? undefined : centre / Math.sqrt(squares / (differences.length - 1))
}

/** Odds of the pairs in which only one was right: onlyB / onlyA; Infinity where A never was. */
export const discordantOdds = (onlyA: number, onlyB: number): number => onlyB / onlyA
