/**
 * A supervised algorithm is recorded actions and the credit of imitation: cross-entropy on model tokens as they stand,
 * environment text as context. Loss = −(1/tokens) Σ advantage · log π(token); equal rows stay apart.
 */
import type { Engine, TrainingRow } from "@swirl-ts/core"
import { type AlgorithmRecipe, algorithmOf, type Updates } from "./algorithm-of.ts"
import { imitation } from "./credit/imitation.ts"
import type { CreditedBatch } from "./credited-batch.ts"
import type { TrainingSettings } from "./options.ts"
import type { Row } from "./row.ts"
import { type RecordedActionsOptions, recordedActions } from "./samplers/recorded-actions.ts"
import { roundSpec } from "./samplers/rounds.ts"
import type { StepValues } from "./step-values.ts"
import { tasksOf } from "./tasks.ts"

type SupervisedSettings = TrainingSettings & RecordedActionsOptions

export const supervised = <S extends SupervisedSettings>(recipe: Omit<AlgorithmRecipe<S>, "derived">) =>
  algorithmOf({ ...recipe, derived: roundSpec }, async (context, options: S): Promise<Updates<CreditedBatch>> => {
    const sampler = await recordedActions(context, tasksOf(context), options)
    return {
      async batch(step) {
        const { rows, values } = await sampler.sample(step)
        const advantages = imitation(rows)
        return { rows, values, advantages, trained: imitated(rows, advantages) }
      },
      async accumulate({ trained, values }) {
        const update = await imitate(context.engine, trained)
        return { ...update, values: { ...update.values, ...values } }
      },
    }
  })

const imitated = (rows: readonly Row[], advantages: readonly (number | undefined)[]): TrainingRow[] =>
  rows.flatMap(({ promptTokenIds, tokenIds }, index) => {
    const advantage = advantages[index]
    return advantage === undefined ? [] : [{ promptTokenIds, tokenIds, coefficients: tokenIds.map(() => advantage) }]
  })

async function imitate(
  engine: Engine,
  trained: readonly TrainingRow[],
): Promise<{ values: StepValues; hasGradient: boolean }> {
  const trainedTokens = trained.reduce((total, row) => total + row.tokenIds.length, 0)
  if (trained.length === 0) return { values: { loss: null, trainedTokens }, hasGradient: false }
  const { loss } = await engine.forwardBackward(trained, { normaliser: trainedTokens })
  return { values: { loss, trainedTokens }, hasGradient: true }
}
