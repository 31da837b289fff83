/**
 * Supervised control on the same trajectories: cross-entropy on every recorded model token, environment text as context.
 * Loss = −(1/tokens) Σ log π(token): coefficient 1, the number of tokens as normaliser.
 */
import { type Algorithm, SwirlError, type TrainingRow } from "@swirl-ts/core"
import { readOptions } from "@swirl-ts/kit"
import { decompose } from "./decompose.ts"
import { drawBatch } from "./draw-batch.ts"
import { amounts, SftOptionsSchema } from "./options.ts"
import type { StepValues } from "./step-values.ts"
import { trainingLoop } from "./training-loop.ts"
import { trainingSpec } from "./training-spec.ts"

export const sft = {
  description: "supervised fine-tuning on the recorded actions: the control for swirl",
  amounts,
  checkOptions: (options) => void readOptions("algorithm sft", SftOptionsSchema, options),
  async train(context) {
    const options = readOptions("algorithm sft", SftOptionsSchema, context.options)
    const all = context.trajectories.map(recordedRows)
    const recorded = all.map((rows) => rowsThatFit(rows, context.engine.contextSize)).filter((rows) => rows.length > 0)
    const dropped = all.flat().length - recorded.flat().length
    const droppedStates: StepValues = dropped > 0 ? { droppedStates: dropped } : {}
    if (recorded.length === 0) {
      throw new SwirlError(
        dropped > 0
          ? `Every one of the ${dropped} recorded actions goes beyond the engine's context of ${context.engine.contextSize} tokens. Train a policy with a longer context.`
          : "There is nothing to train on: no trajectory was kept by the filter. Generate more trajectories, or choose another filter.",
      )
    }
    const weights = recorded.map(() => 1 / recorded.length)
    return trainingLoop(context, {
      spec: trainingSpec(context, "sft", options),
      options,
      async update(step) {
        const drawn = drawBatch(weights, options.trajectories, context.seed, step - 1)
        const rows = drawn.flatMap((index) => recorded[index]!)
        const trainedTokens = rows.reduce((total, row) => total + row.tokenIds.length, 0)
        const { loss } = await context.engine.forwardBackward(rows, { normaliser: trainedTokens })
        return { values: { loss, trainedTokens, ...droppedStates }, hasGradient: true }
      },
    })
  },
} as const satisfies Algorithm

function recordedRows(trajectory: Parameters<typeof decompose>[0]): TrainingRow[] {
  return decompose(trajectory)
    .filter((part) => part.tokenIds.length > 0)
    .map(({ promptTokenIds, tokenIds }) => ({ promptTokenIds, tokenIds, coefficients: tokenIds.map(() => 1) }))
}

/** A recorded action that goes beyond the engine's context is dropped with its state: cut, it would be another one. */
const rowsThatFit = (rows: TrainingRow[], contextSize = Number.POSITIVE_INFINITY): TrainingRow[] =>
  rows.filter(({ promptTokenIds, tokenIds }) => promptTokenIds.length + tokenIds.length <= contextSize)
