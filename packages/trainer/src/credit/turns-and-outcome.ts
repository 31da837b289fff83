/** Credit of `mt-grpo`: a step's own score, and its episode's outcome, each against other episodes of the question. */
import type { Normalisation } from "../advantages.ts"
import type { CreditAssigner } from "./credit.ts"
import { episodeAdvantages } from "./outcomes.ts"
import { turnAdvantages } from "./turns.ts"

export interface TurnsAndOutcomeOptions {
  normalise: Normalisation
  turnWeight: number
  outcomeWeight: number
}

/** A step whose score or outcome is missing is left out, unless that part weighs nothing. */
export const turnsAndOutcome =
  ({ normalise, turnWeight, outcomeWeight }: TurnsAndOutcomeOptions): CreditAssigner =>
  (rows) => {
    const ofTurns = turnAdvantages(rows, ({ score }) => score, normalise)
    const ofEpisodes = episodeAdvantages(rows, normalise)
    return rows.map((_, index) => {
      const turn = turnWeight === 0 ? 0 : ofTurns[index]
      const outcome = outcomeWeight === 0 ? 0 : ofEpisodes[index]
      return turn === undefined || outcome === undefined ? undefined : turnWeight * turn + outcomeWeight * outcome
    })
  }
