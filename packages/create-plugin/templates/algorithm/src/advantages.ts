/**
 * Advantage of each action of one state: its reward minus the mean of the others'. Adding a constant to every reward
 * changes nothing, and equal rewards give exactly zero. An action without a reward (unscored) has no advantage: it is not bad.
 */
export function advantages(rewards: readonly (number | undefined)[]): (number | undefined)[] {
  const scored = rewards.filter((reward) => reward !== undefined)
  if (new Set(scored).size < 2) return rewards.map((reward) => (reward === undefined ? undefined : 0))
  const sum = scored.reduce((total, reward) => total + reward, 0)
  return rewards.map((reward) => (reward === undefined ? undefined : reward - (sum - reward) / (scored.length - 1)))
}
