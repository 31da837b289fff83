/**
 * Credit of `igpo`: a step's reward is how much more probable it made the gold answer, the last step's is the outcome; a step
 * is credited with its own and, discounted, all later ones, against the question's other episodes.
 */
import type { Normalisation } from "../advantages.ts"
import type { Row } from "../row.ts"
import { type CreditAssigner, rewardsToCome } from "./credit.ts"
import { turnAdvantages } from "./turns.ts"

export interface InformationGainOptions {
  normalise: Normalisation
  discount: number
}

export const informationGain =
  ({ normalise, discount }: InformationGainOptions): CreditAssigner =>
  (rows) => {
    const returns = new Map<Row, number | undefined>()
    for (const episode of Map.groupBy(rows, ({ episodeId }) => episodeId).values()) {
      const steps = episode.toSorted((a, b) => a.step - b.step)
      const last = steps.length - 1
      const rewards = steps.map(({ gain, outcome }, index) => (index === last ? outcome : gain))
      rewardsToCome(rewards, discount).forEach((value, index) => {
        returns.set(steps[index]!, value)
      })
    }
    return turnAdvantages(rows, (row) => returns.get(row), normalise)
  }
