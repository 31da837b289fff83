/**
 * Before a run: what change can be seen with n items, and how many items a change needs. Two-sided z test of a mean of paired
 * differences. Invariant: the two functions are inverse. Source: Miller (2024), Adding Error Bars to Evals, 5; Cohen (1988), 2.4.
 */
import { normalQuantile } from "./normal.ts"

export interface PowerOptions {
  /** Two-sided, default .05. */
  alpha?: number
  /** The chance to see what is there, default .8. */
  power?: number
}

/** Smallest true mean difference that is found with the given power; `standardDeviation` is that of the paired differences. */
export function minimumDetectableEffect(n: number, standardDeviation: number, options: PowerOptions = {}): number {
  if (!(n >= 1)) throw new Error(`n is ${n}: an effect needs at least one item.`)
  return (reach(options) * standardDeviation) / Math.sqrt(n)
}

/** Items that are needed, rounded up, to find a true mean difference `effect`. */
export function itemsNeeded(effect: number, standardDeviation: number, options: PowerOptions = {}): number {
  if (!(Math.abs(effect) > 0)) throw new Error(`effect is ${effect}: no number of items finds a difference of 0.`)
  return Math.ceil(((reach(options) * standardDeviation) / effect) ** 2)
}

/** Standard deviation of the difference of right/wrong scores: `discordant` is the share of items on which only one is right. */
export function discordantDeviation(discordant: number, effect = 0): number {
  return Math.sqrt(discordant - effect * effect)
}

function reach({ alpha = 0.05, power = 0.8 }: PowerOptions): number {
  return normalQuantile(1 - alpha / 2) + normalQuantile(power)
}
