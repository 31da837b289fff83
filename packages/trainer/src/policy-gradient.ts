/**
 * A policy gradient is a sampler and a credit assigner: actions of the live policy, each made more or less likely by its
 * advantage, one optimiser step a batch, strictly on policy, held near the initial policy by a KL. The loss is in policy-loss.ts.
 */
import type { TrainingContext } from "@swirl-ts/core"
import { type AlgorithmRecipe, algorithmOf } from "./algorithm-of.ts"
import type { CreditAssigner } from "./credit/credit.ts"
import type { TrainingSettings } from "./options.ts"
import { type DistinctAction, trainSampleDifference, withGradient } from "./policy-loss.ts"
import type { Row } from "./row.ts"
import type { Sampler } from "./samplers/sampler.ts"
import type { StepValues } from "./step-values.ts"
import { type BatchOptions, createTrainingBatch } from "./training-batch.ts"

export interface PolicyGradient<S extends TrainingSettings> extends AlgorithmRecipe<S> {
  sampler(context: TrainingContext, options: S): Sampler | Promise<Sampler>
  credit(options: S): CreditAssigner
  /** The KL, and what the loss is a mean over. */
  loss(options: S): BatchOptions
  /** log π_initial of every row is needed for its credit. */
  comparesInitial?: boolean
  /** What is reported beside the usual. */
  report?(rows: readonly Row[], advantages: readonly (number | undefined)[], options: S): StepValues
}

export const policyGradient = <S extends TrainingSettings>(recipe: PolicyGradient<S>) =>
  algorithmOf(recipe, async (context, options) => {
    const sampler = await recipe.sampler(context, options)
    return (step) => updatePolicy(context, recipe, options, sampler, step)
  })

const nothing: StepValues = { loss: null, trainSampleDifference: null, klPerToken: null, trainedTokens: 0 }

async function updatePolicy<S extends TrainingSettings>(
  context: TrainingContext,
  recipe: PolicyGradient<S>,
  options: S,
  sampler: Sampler,
  step: number,
): Promise<{ values: StepValues; hasGradient: boolean }> {
  const { engine } = context
  const batch = await sampler.sample(step)
  const sampled = recipe.comparesInitial ? await withInitial(context, batch.rows) : batch.rows
  const advantages = recipe.credit(options)(sampled)
  const { rows, loss, distinct, initial } = await createTrainingBatch(
    context,
    sampled,
    advantages,
    recipe.loss(options),
  )
  const values = { ...batch.values, ...recipe.report?.(sampled, advantages, options) }
  if (rows.length === 0) return { values: { ...values, ...nothing }, hasGradient: false }
  const used = withGradient(rows, loss.exactKl !== undefined)
  const result = await engine.forwardBackward(used, loss)
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
}

async function withInitial({ engine }: TrainingContext, rows: readonly Row[]): Promise<Row[]> {
  const initial = rows.length > 0 ? await engine.logProbabilities(rows, "initial") : []
  return rows.map((row, index) => ({ ...row, initialLogProbabilities: initial[index]! }))
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
