/**
 * SWiRL (METHOD 4): at recorded states, sample actions afresh, let the judge score each, and follow the policy gradient.
 * One on-policy update a batch; the exact loss is in policy-loss.ts.
 */
import { type Algorithm, SwirlError, type TrainingContext } from "@swirl-ts/core"
import { readOptions } from "@swirl-ts/kit"
import { distinctStates, type State, statesByTrajectory, statesThatFit } from "./decompose.ts"
import { drawBatch, drawTrajectories } from "./draw-batch.ts"
import { dryRun } from "./dry-run.ts"
import { sampleGroups } from "./groups.ts"
import { amounts, SwirlOptionsSchema, type SwirlSettings } from "./options.ts"
import { type DistinctAction, trainSampleDifference, withGradient } from "./policy-loss.ts"
import { groupValues, type StepValues } from "./step-values.ts"
import { createTrainingBatch } from "./training-batch.ts"
import { trainingLoop } from "./training-loop.ts"
import { trainingSpec } from "./training-spec.ts"

export const swirl = {
  description: "step-wise reinforcement learning: fresh actions at recorded states, rewarded by a judge",
  amounts,
  checkOptions: (options) => void readOptions("algorithm swirl", SwirlOptionsSchema, options),
  async train(context) {
    const options = optionsOf(context)
    const { states, dropped } = statesOf(context, options)
    const droppedStates: StepValues = dropped > 0 ? { droppedStates: dropped } : {}
    const draw = drawer(context, states, options)
    return trainingLoop(context, {
      spec: trainingSpec(context, "swirl", options),
      options,
      async update(step) {
        const drawn = draw(step - 1)
        const groups = await sampleGroups(context, drawn, step, options)
        const { rows, loss, distinct, initial } = await createTrainingBatch(context, groups, options)
        const values = { ...groupValues(groups), ...droppedStates }
        if (rows.length === 0) return { values: { ...values, ...nothing }, hasGradient: false }
        const used = withGradient(rows, loss.exactKl !== undefined)
        const result = await context.engine.forwardBackward(used, loss)
        return {
          values: {
            ...values,
            loss: result.loss,
            trainSampleDifference: trainSampleDifference(
              used.map((row) => distinct[rows.indexOf(row)]!),
              result.logProbabilities,
            ),
            klPerToken: initial
              ? samplePerToken(distinct, initial)
              : result.exactKl === undefined
                ? null
                : result.exactKl / tokenCount(distinct),
            trainedTokens: used.reduce((total, row) => total + row.tokenIds.length, 0),
          },
          hasGradient: true,
        }
      },
    })
  },
  async dryRun(context) {
    const options = optionsOf(context)
    const { states } = statesOf(context, options)
    const [first] = drawer(context, states, options)(0)
    const groups = await sampleGroups(context, [first!], 1, options)
    return dryRun(context, groups[0]!, await createTrainingBatch(context, groups, options), options)
  },
} as const satisfies Algorithm

/** Actions may be as long as the benchmarks' own steps, unless the options say otherwise. */
const optionsOf = ({ stepTokens, options }: TrainingContext): SwirlSettings =>
  readOptions("algorithm swirl", SwirlOptionsSchema, { maxTokens: stepTokens }, options)

const nothing: StepValues = { loss: null, trainSampleDifference: null, klPerToken: null, trainedTokens: 0 }

function statesOf(context: TrainingContext, options: SwirlSettings): { states: readonly State[]; dropped: number } {
  const states = distinctStates(context.trajectories, options.weighting)
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
  return fitting
}

/** The states of a batch: drawn one by one, or by whole trajectories. */
function drawer(
  { trajectories, seed }: TrainingContext,
  states: readonly State[],
  { states: size, statesPerTrajectory: each, weighting }: SwirlSettings,
): (iteration: number) => State[] {
  const weights = states.map((state) => state.weight)
  if (each === undefined) {
    return (iteration) => drawBatch(weights, size, seed, iteration).map((index) => states[index]!)
  }
  const whole = statesByTrajectory(trajectories, states, weighting)
  return (iteration) => drawTrajectories(whole, { size, each, seed, iteration }).map((index) => states[index]!)
}

function tokenCount(distinct: readonly DistinctAction[]): number {
  return distinct.reduce((total, action) => total + action.count * action.tokenIds.length, 0)
}

/** Estimate of the KL to the initial policy, a token: mean of log π − log π_initial over the scored samples' tokens. */
function samplePerToken(distinct: readonly DistinctAction[], initial: readonly (readonly number[])[]): number {
  let sum = 0
  distinct.forEach(({ count, logProbabilities }, row) => {
    logProbabilities.forEach((value, t) => {
      sum += count * (value - initial[row]![t]!)
    })
  })
  return sum / tokenCount(distinct)
}
