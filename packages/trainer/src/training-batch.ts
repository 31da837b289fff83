/** What one update is computed from: the training rows of judged groups and how their loss is normalised, with one pass of the initial policy and one of the current at most. */
import type { LossOptions, TrainingContext, TrainingRow } from "@swirl-ts/core"
import { leaveOneOutAdvantages } from "./advantages.ts"
import type { Group } from "./groups.ts"
import { importanceRatios } from "./importance-ratio.ts"
import type { SwirlSettings } from "./options.ts"
import { coefficients, type DistinctAction, mergeEqual } from "./policy-loss.ts"

export interface TrainingBatch {
  /** One a distinct scored action, those without gradient included. */
  rows: TrainingRow[]
  /** The same order as `rows`. */
  distinct: DistinctAction[]
  /** log π_initial of the rows' tokens; undefined where the update does not need it. */
  initial: number[][] | undefined
  loss: LossOptions
}

/** Training rows of scored groups. The reference pass is made only for a penalty, on distinct actions only. */
export async function createTrainingBatch(
  context: TrainingContext,
  groups: readonly Group[],
  options: Pick<SwirlSettings, "beta" | "kl" | "normalise" | "ratioClip">,
): Promise<TrainingBatch> {
  const merged = groups.flatMap(({ state, actions }) => {
    const advantages = leaveOneOutAdvantages(
      actions.map((sample) => sample.reward),
      options.normalise,
    )
    const samples = actions.map((sample, index) => ({ ...sample, advantage: advantages[index] }))
    return mergeEqual(samples).map((action) => ({ state, action }))
  })
  const distinct = merged.map(({ action }) => action)
  const texts = merged.map(({ state, action }) => ({
    promptTokenIds: state.promptTokenIds,
    tokenIds: action.tokenIds,
  }))
  const withPenalty = options.kl === "penalty" && options.beta > 0 && texts.length > 0
  const initial = withPenalty ? await context.engine.logProbabilities(texts, "initial") : undefined
  const { ratioClip } = options
  const current = ratioClip && texts.length > 0 ? await context.engine.logProbabilities(texts, "current") : undefined
  const rows = texts.map((text, index) => {
    const action = distinct[index]!
    const penalty = initial && { beta: options.beta, initialLogProbabilities: initial[index]! }
    const ratios = current && importanceRatios(action.logProbabilities, current[index]!, ratioClip!)
    const weighed = coefficients(action, penalty).map((value, t) => value * (ratios?.[t] ?? 1))
    return { ...text, coefficients: weighed, count: action.count }
  })
  const normaliser = distinct.reduce((total, action) => total + action.count, 0)
  const exact = options.kl === "exact" && options.beta > 0
  return { rows, distinct, initial, loss: { normaliser, exactKl: exact ? { weight: options.beta } : undefined } }
}
