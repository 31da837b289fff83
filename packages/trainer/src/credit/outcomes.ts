/**
 * Credit of `outcome-grpo`: every step of an episode has the episode's outcome against the mean of the other episodes of its
 * question. Questions whose episodes all score the same say nothing and are left out.
 */
import { hasVariance, leaveOneOutAdvantages, type Normalisation } from "../advantages.ts"
import type { Row } from "../row.ts"
import { type CreditAssigner, creditByGroup } from "./credit.ts"

export const outcomes =
  (normalise: Normalisation): CreditAssigner =>
  (rows) =>
    creditByGroup(
      rows,
      ({ questionId }) => questionId,
      (group) => {
        const byEpisode = episodeOutcomes(group)
        if (!hasVariance([...byEpisode.values()])) return group.map(() => undefined)
        const advantages = episodeAdvantages(byEpisode, normalise)
        return group.map(({ episodeId }) => advantages.get(episodeId))
      },
    )

/** Outcome of each episode, once however many steps it has. */
export const episodeOutcomes = (group: readonly Row[]): Map<string | undefined, number | undefined> =>
  new Map(group.map(({ episodeId, outcome }) => [episodeId, outcome]))

export function episodeAdvantages(
  byEpisode: ReadonlyMap<string | undefined, number | undefined>,
  normalise: Normalisation,
): Map<string | undefined, number | undefined> {
  const advantages = leaveOneOutAdvantages([...byEpisode.values()], normalise)
  return new Map([...byEpisode.keys()].map((episode, index) => [episode, advantages[index]]))
}
