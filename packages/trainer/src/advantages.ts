/**
 * Advantage of each sample of one state: its reward minus the mean reward of the OTHER scored samples of that state.
 * The baseline does not depend on the sample itself, so the gradient estimate is unbiased.
 * Invariant: the advantages of a group sum to zero; an unscored sample has none.
 */

/** `standard-deviation` divides by the group's standard deviation (+1e-4): biased, as in GRPO; an option. */
export type Normalisation = "none" | "standard-deviation"

/** One a reward; undefined where the reward is undefined. Fewer than two scored samples give no policy term (0). */
export function leaveOneOutAdvantages(
  rewards: readonly (number | undefined)[],
  normalise: Normalisation = "none",
): (number | undefined)[] {
  const scored = rewards.filter((reward) => reward !== undefined)
  const n = scored.length
  if (n < 2) return rewards.map((reward) => (reward === undefined ? undefined : 0))
  const sum = scored.reduce((total, reward) => total + reward, 0)
  const scale = normalise === "none" ? 1 : 1 / (standardDeviation(scored) + 1e-4)
  // Equal rewards have to give exactly zero, whatever the rounding of the sum: their gradient may then be skipped.
  if (!hasVariance(rewards)) return rewards.map((reward) => (reward === undefined ? undefined : 0))
  return rewards.map((reward) => (reward === undefined ? undefined : (reward - (sum - reward) / (n - 1)) * scale))
}

/** Whether two scored samples of a group differ in reward. */
export function hasVariance(rewards: readonly (number | undefined)[]): boolean {
  return new Set(rewards.filter((reward) => reward !== undefined)).size > 1
}

/** Of equal values exactly that value, so that equal rewards teach exactly nothing. */
export const mean = (values: readonly number[]): number =>
  hasVariance(values) ? values.reduce((total, value) => total + value, 0) / values.length : values[0]!

export function standardDeviation(values: readonly number[]): number {
  const centre = mean(values)
  return Math.sqrt(values.reduce((total, value) => total + (value - centre) ** 2, 0) / values.length)
}
