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
    episodeAdvantages(rows, normalise, { leavesOutEqual: true })

/** Of every row the advantage of its episode, whose outcome counts once however many steps it has. */
export const episodeAdvantages = (
  rows: readonly Row[],
  normalise: Normalisation,
  { leavesOutEqual = false }: { leavesOutEqual?: boolean } = {},
): (number | undefined)[] =>
  creditByGroup(
    rows,
    ({ questionId }) => questionId,
    (group) => {
      const byEpisode = new Map(group.map(({ episodeId, outcome }) => [episodeId, outcome]))
      const outcomes = [...byEpisode.values()]
      if (leavesOutEqual && !hasVariance(outcomes)) return group.map(() => undefined)
      const advantages = leaveOneOutAdvantages(outcomes, normalise)
      const ofEpisode = new Map([...byEpisode.keys()].map((episode, index) => [episode, advantages[index]]))
      return group.map(({ episodeId }) => ofEpisode.get(episodeId))
    },
  )
