/**
 * A supervised algorithm is recorded actions and the credit of imitation: cross-entropy on model tokens as they stand,
 * environment text as context. Loss = −(1/tokens) Σ advantage · log π(token); equal rows stay apart.
 */
import type { Algorithm, AlgorithmNeed, Engine } from "@swirl-ts/core"
import { readOptions } from "@swirl-ts/kit"
import type { z } from "zod"
import { imitation } from "./credit/imitation.ts"
import { checkNeeds } from "./needs.ts"
import { amounts, type TrainingSettings } from "./options.ts"
import type { Row } from "./row.ts"
import { type RecordedActionsOptions, recordedActions } from "./samplers/recorded-actions.ts"
import { roundSpec } from "./samplers/rounds.ts"
import type { StepValues } from "./step-values.ts"
import { tasksOf } from "./tasks.ts"
import { trainingLoop } from "./training-loop.ts"
import { trainingSpec } from "./training-spec.ts"

type SupervisedSettings = TrainingSettings & RecordedActionsOptions

export function supervised<S extends SupervisedSettings>(recipe: {
  name: string
  description: string
  needs?: readonly AlgorithmNeed[]
  schema: z.ZodObject<z.ZodRawShape> & z.ZodType<S>
}) {
  const { name, description, needs, schema } = recipe
  const read = (options: unknown): S => readOptions(`algorithm ${name}`, schema, options) as S
  return {
    description,
    ...(needs ? { needs } : {}),
    amounts: "rounds" in schema.shape ? [...amounts, "rounds"] : amounts,
    checkOptions: (options) => void read(options),
    async train(context) {
      const options = read(context.options)
      checkNeeds(name, needs, context)
      const sampler = await recordedActions(context, tasksOf(context), options)
      return trainingLoop(context, {
        spec: { ...trainingSpec(context, name, options), ...roundSpec(options) },
        options,
        async update(step) {
          const { rows, values } = await sampler.sample(step)
          const update = await imitate(context.engine, rows, imitation(rows))
          return { ...update, values: { ...update.values, ...values } }
        },
      })
    },
  } satisfies Algorithm
}

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
