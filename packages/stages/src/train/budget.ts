/**
 * Which of the kept trajectories a training takes within its budget. The seed puts them in an order by their ids alone, and
 * they are taken whole from its start; the first that does not fit ends it, so that short ones are not preferred.
 */
import { type Budget, contentHash, SwirlError, type Trajectory, type Used } from "@swirl-ts/core"

/** In the order in which they were kept. */
export function withinBudget(kept: readonly Trajectory[], budget: Budget, seed: number): Trajectory[] {
  const placed = kept.map(({ id, steps }) => ({ id, steps, place: contentHash([seed, id]) }))
  const drawn = placed.sort((a, b) => (a.place < b.place ? -1 : 1))
  const taken = new Set<string>()
  let states = 0
  for (const { id, steps } of drawn) {
    states += steps.length
    if ("states" in budget ? states > budget.states : taken.size === budget.trajectories) break
    taken.add(id)
  }
  if (kept.length > 0 && taken.size === 0)
    throw new SwirlError(
      `${budgetInWords(budget)} are fewer than the first trajectory drawn has (${drawn[0]!.steps.length}). Give the training more.`,
      {
        kind: "usage",
      },
    )
  return kept.filter(({ id }) => taken.has(id))
}

export const usedBy = (taken: readonly Trajectory[]): Used => ({
  trajectories: taken.length,
  states: taken.reduce((sum, { steps }) => sum + steps.length, 0),
})

export const budgetInWords = (budget: Budget): string =>
  "states" in budget ? `${budget.states} states` : `${budget.trajectories} trajectories`
