/**
 * Credit of `gigpo`: an episode's outcome against the other episodes of its question, and beside it what followed from a
 * state (the outcome, discounted by the steps that were still to come) against what followed for others from the same state.
 */
import { leaveOneOutAdvantages, type Normalisation } from "../advantages.ts"
import type { Row } from "../row.ts"
import { type CreditAssigner, creditByGroup } from "./credit.ts"
import { episodeAdvantages } from "./outcomes.ts"

export interface EqualStateOptions {
  normalise: Normalisation
  /** Weight of the part of equal states. */
  stateWeight: number
  /** A step. */
  discount: number
}

export const equalStates =
  ({ normalise, stateWeight, discount }: EqualStateOptions): CreditAssigner =>
  (rows) => {
    const last = lastSteps(rows)
    const ofEpisodes = episodeAdvantages(rows, normalise)
    const returnOf = ({ episodeId, step, outcome }: Row): number | undefined =>
      outcome === undefined ? undefined : outcome * discount ** (last.get(episodeId)! - step)
    const ofStates = creditByGroup(
      rows,
      ({ questionId, stateId }) => `${questionId} ${stateId}`,
      (group) => leaveOneOutAdvantages(group.map(returnOf), normalise),
    )
    return ofEpisodes.map((advantage, index) =>
      advantage === undefined ? undefined : advantage + stateWeight * (ofStates[index] ?? 0),
    )
  }

/** The last step of every episode. */
function lastSteps(rows: readonly Row[]): Map<string | undefined, number> {
  const last = new Map<string | undefined, number>()
  for (const { episodeId, step } of rows) last.set(episodeId, Math.max(step, last.get(episodeId) ?? 0))
  return last
}
