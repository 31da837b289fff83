/**
 * A policy gradient is a sampler and a credit assigner: actions of the live policy, each made more or less likely by its
 * advantage, one optimiser step a batch, strictly on policy, held near the initial policy by a KL. The loss is in policy-loss.ts.
 */
import type { TrainingContext } from "@swirl-ts/core"
import { type AlgorithmRecipe, algorithmOf, type Updates } from "./algorithm-of.ts"
import type { CreditAssigner } from "./credit/credit.ts"
import type { CreditedBatch } from "./credited-batch.ts"
import type { TrainingSettings } from "./options.ts"
import { type DistinctAction, trainSampleDifference, withGradient } from "./policy-loss.ts"
import type { Row } from "./row.ts"
import type { SampledBatch, Sampler } from "./samplers/sampler.ts"
import type { StepValues } from "./step-values.ts"
import { type BatchOptions, createTrainingBatch, type TrainingBatch } from "./training-batch.ts"

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
  algorithmOf(recipe, async (context, options): Promise<Updates<PolicyBatch>> => {
    const sampler = await recipe.sampler(context, options)
    return {
      batch: async (step) => creditedBatch(context, recipe, options, await sampler.sample(step)),
      accumulate: (batch) => accumulate(context, batch),
    }
  })

/** `trained` of `all` have a gradient. */
interface PolicyBatch extends CreditedBatch {
  all: TrainingBatch
}

async function creditedBatch<S extends TrainingSettings>(
  context: TrainingContext,
  recipe: PolicyGradient<S>,
  options: S,
  { rows: drawn, values }: SampledBatch,
): Promise<PolicyBatch> {
  const rows = recipe.comparesInitial ? await withInitial(context, drawn) : drawn
  const advantages = recipe.credit(options)(rows)
  const all = await createTrainingBatch(context, rows, advantages, recipe.loss(options))
  const trained = withGradient(all.rows, all.loss.exactKl !== undefined)
  return { rows, values: { ...values, ...recipe.report?.(rows, advantages, options) }, advantages, trained, all }
}

const nothing: StepValues = { loss: null, trainSampleDifference: null, klPerToken: null, trainedTokens: 0 }

async function accumulate(
  { engine }: TrainingContext,
  { values, trained, all: { rows, loss, distinct, initial } }: PolicyBatch,
): Promise<{ values: StepValues; hasGradient: boolean }> {
  if (rows.length === 0) return { values: { ...values, ...nothing }, hasGradient: false }
  const result = await engine.forwardBackward(trained, loss)
  return {
    values: {
      ...values,
      loss: result.loss,
      trainSampleDifference: trainSampleDifference(
        trained.map((row) => distinct[rows.indexOf(row)]!),
        result.logProbabilities,
      ),
      klPerToken: initial
        ? samplePerToken(distinct, initial)
        : result.exactKl === undefined
          ? null
          : result.exactKl / tokenCount(distinct),
      trainedTokens: trained.reduce((total, row) => total + row.tokenIds.length, 0),
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
