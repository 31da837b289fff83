/**
 * Recorded states: fresh actions, not executed, where recorded trajectories stood. With rounds, the states are those of
 * trajectories that the policy made at the beginning of the round; where it is asked for, of these the ones it can learn at.
 */
import { SwirlError, type TrainingContext, type Trajectory, taskKey } from "@swirl-ts/core"
import { distinctStates, type State, statesByTrajectory, statesThatFit } from "../decompose.ts"
import { drawBatch, drawTrajectories } from "../draw-batch.ts"
import { type Group, sampleGroups } from "../groups.ts"
import type { RecordedSettings } from "../options.ts"
import type { Row } from "../row.ts"
import { groupValues, type StepValues } from "../step-values.ts"
import { tasksOf } from "../tasks.ts"
import { disagreedStates, nothingToLearn, wantsDisagreement } from "./disagreement.ts"
import { createRounds } from "./rounds.ts"
import type { Sampler } from "./sampler.ts"

export async function recordedStates(context: TrainingContext, options: RecordedSettings): Promise<Sampler> {
  if ((options.minGood ?? 0) > (options.maxGood ?? 1))
    throw new SwirlError(
      `minGood ${options.minGood} is above maxGood ${options.maxGood}, so no state could be kept. Exchange them.`,
      { kind: "usage" },
    )
  const rounds = createRounds(context, tasksOf({ trajectories: context.trajectories }), options)
  /** Of the first round, so that what cannot be trained on is said before anything else. */
  let round = { number: 1, ...statesOf(context, context.trajectories, options) }
  let learnable: StatesOfRound | undefined
  return {
    async sample(step) {
      const { number, trajectories, values, isFirstStep } = await rounds.of(step)
      if (number !== round.number) round = { number, ...statesOf(context, trajectories, options) }
      learnable = await learnableStates(context, { ...round, trajectories, before: learnable }, options)
      const groups = await sampleGroups(context, learnable.draw(step - 1), step, options)
      const droppedStates: StepValues = round.dropped > 0 ? { droppedStates: round.dropped } : {}
      const candidateTokens: StepValues =
        isFirstStep && learnable.tokens !== undefined ? { candidateTokens: learnable.tokens } : {}
      const own = { ...droppedStates, ...learnable.values, ...candidateTokens, ...values }
      return { rows: rowsOfGroups(groups), values: { ...groupValues(groups), ...own } }
    },
  }
}

interface StatesOfRound {
  round: number
  draw: (iteration: number) => State[]
  values: StepValues
  /** Sampled to find them. */
  tokens?: number
}

/** All states of a round, or those that the policy can learn at; where a later round has none, those of the round before. */
async function learnableStates(
  context: TrainingContext,
  of: ReturnType<typeof statesOf> & { number: number; trajectories: readonly Trajectory[]; before?: StatesOfRound },
  options: RecordedSettings,
): Promise<StatesOfRound> {
  const { number: round, trajectories, states, before } = of
  if (before?.round === round) return before
  if (!wantsDisagreement(options)) return { round, draw: of.draw, values: {} }
  const found = await disagreedStates(context, { states, trajectories }, round, options)
  const { values, tokens } = found
  if (found.states.length > 0)
    return { round, draw: drawer(context, trajectories, found.states, options), values, tokens }
  if (before) return { round, draw: before.draw, values, tokens }
  throw nothingToLearn(found)
}

/** The states that batches are drawn from. */
export function statesOf(
  context: TrainingContext,
  trajectories: readonly Trajectory[],
  options: Pick<RecordedSettings, "states" | "statesPerTrajectory" | "weighting">,
): { dropped: number; states: readonly State[]; draw: (iteration: number) => State[] } {
  const states = distinctStates(trajectories, options.weighting)
  if (states.length === 0) {
    throw new SwirlError(
      "There is no state to train at: no trajectory was kept by the filter. Generate more trajectories, or choose another filter.",
    )
  }
  const { contextSize } = context.engine
  const fitting = statesThatFit(states, contextSize)
  if (fitting.states.length === 0) {
    throw new SwirlError(
      `Every one of the ${states.length} states is longer than the engine's context of ${contextSize} tokens. Train a policy with a longer context, or generate with lower limits.`,
    )
  }
  const { dropped } = fitting
  return { dropped, states: fitting.states, draw: drawer(context, trajectories, fitting.states, options) }
}

/** The states of a batch: drawn one by one, or by whole trajectories. */
function drawer(
  { seed }: TrainingContext,
  trajectories: readonly Trajectory[],
  states: readonly State[],
  { states: size, statesPerTrajectory: each, weighting }: Parameters<typeof statesOf>[2],
): (iteration: number) => State[] {
  const weights = states.map((state) => state.weight)
  if (each === undefined) {
    return (iteration) => drawBatch(weights, size, seed, iteration).map((index) => states[index]!)
  }
  const whole = statesByTrajectory(trajectories, states, weighting)
  return (iteration) => drawTrajectories(whole, { size, each, seed, iteration }).map((index) => states[index]!)
}

/** The actions of judged groups, one a row. */
export const rowsOfGroups = (groups: readonly Group[]): Row[] =>
  groups.flatMap(({ state, actions }) => {
    const of = {
      stateId: state.id,
      questionId: taskKey(state.trajectory),
      step: state.step,
      promptTokenIds: state.promptTokenIds,
    }
    return actions.map(({ kind, tokenIds, logProbabilities, reward }) => ({
      ...of,
      kind,
      tokenIds,
      logProbabilities,
      score: reward,
    }))
  })
