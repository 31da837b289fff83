/** Recorded actions: whole trajectories, each step as it was sampled then. With rounds, those of the round's fresh episodes. */
import { SwirlError, type TaskReference, type TrainingContext, type Trajectory } from "@swirl-ts/core"
import { drawBatch } from "../draw-batch.ts"
import type { Row } from "../row.ts"
import type { StepValues } from "../step-values.ts"
import { trajectoryRows } from "../trajectory-rows.ts"
import { createRounds, type RoundOptions } from "./rounds.ts"
import type { Sampler } from "./sampler.ts"

export interface RecordedActionsOptions extends RoundOptions {
  /** Trajectories a batch. */
  trajectories: number
}

export async function recordedActions(
  context: TrainingContext,
  tasks: readonly TaskReference[],
  options: RecordedActionsOptions,
): Promise<Sampler> {
  const { contextSize } = context.engine
  const rounds = createRounds(context, tasks, options)
  let round = { number: 1, ...fitting(context.trajectories, contextSize) }
  if (round.recorded.length === 0) {
    throw new SwirlError(
      round.dropped > 0
        ? `Every one of the ${round.dropped} recorded actions goes beyond the engine's context of ${contextSize} tokens. Train a policy with a longer context.`
        : "There is nothing to train on: no trajectory was kept by the filter. Generate more trajectories, or choose another filter.",
    )
  }
  return {
    async sample(step) {
      const { number, trajectories, values } = await rounds.of(step)
      if (number !== round.number) round = { number, ...fitting(trajectories, contextSize) }
      const { recorded, dropped } = round
      const weights = recorded.map(() => 1 / recorded.length)
      const drawn = recorded.length > 0 ? drawBatch(weights, options.trajectories, context.seed, step - 1) : []
      const droppedStates: StepValues = dropped > 0 ? { droppedStates: dropped } : {}
      return { rows: drawn.flatMap((index) => recorded[index]!), values: { ...droppedStates, ...values } }
    },
  }
}

/** A recorded action that goes beyond the engine's context is dropped with its state: cut, it would be another one. */
function fitting(
  trajectories: readonly Trajectory[],
  contextSize = Number.POSITIVE_INFINITY,
): { recorded: Row[][]; dropped: number } {
  const all = trajectories.map(trajectoryRows)
  const recorded = all
    .map((rows) =>
      rows.filter(({ promptTokenIds, tokenIds }) => promptTokenIds.length + tokenIds.length <= contextSize),
    )
    .filter((rows) => rows.length > 0)
  return { recorded, dropped: all.flat().length - recorded.flat().length }
}
