/**
 * A supervised algorithm is recorded actions and the credit of imitation: cross-entropy on model tokens as they stand,
 * environment text as context. Loss = −(1/tokens) Σ advantage · log π(token); equal rows stay apart.
 */
import type { Engine } from "@swirl-ts/core"
import { type AlgorithmRecipe, algorithmOf } from "./algorithm-of.ts"
import { imitation } from "./credit/imitation.ts"
import type { TrainingSettings } from "./options.ts"
import type { Row } from "./row.ts"
import { type RecordedActionsOptions, recordedActions } from "./samplers/recorded-actions.ts"
import { roundSpec } from "./samplers/rounds.ts"
import type { StepValues } from "./step-values.ts"
import { tasksOf } from "./tasks.ts"

type SupervisedSettings = TrainingSettings & RecordedActionsOptions

export const supervised = <S extends SupervisedSettings>(recipe: Omit<AlgorithmRecipe<S>, "derived">) =>
  algorithmOf<S>({ ...recipe, derived: roundSpec }, async (context, options) => {
    const sampler = await recordedActions(context, tasksOf(context), options)
    return async (step) => {
      const { rows, values } = await sampler.sample(step)
      const update = await imitate(context.engine, rows, imitation(rows))
      return { ...update, values: { ...update.values, ...values } }
    }
  })

async function imitate(
  engine: Engine,
  rows: readonly Row[],
  advantages: readonly (number | undefined)[],
): Promise<{ values: StepValues; hasGradient: boolean }> {
  const trained = rows.flatMap(({ promptTokenIds, tokenIds }, index) => {
    const advantage = advantages[index]
    return advantage === undefined ? [] : [{ promptTokenIds, tokenIds, coefficients: tokenIds.map(() => advantage) }]
  })
  const trainedTokens = trained.reduce((total, row) => total + row.tokenIds.length, 0)
  if (trained.length === 0) return { values: { loss: null, trainedTokens }, hasGradient: false }
  const { loss } = await engine.forwardBackward(trained, { normaliser: trainedTokens })
  return { values: { loss, trainedTokens }, hasGradient: true }
}
