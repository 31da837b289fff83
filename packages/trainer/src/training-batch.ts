/** What one update is computed from: the training rows of weighed actions and how their loss is normalised, with one pass of the initial policy and one of the current at most. */
import type { LossOptions, TrainingContext, TrainingRow } from "@swirl-ts/core"
import { importanceRatios } from "./importance-ratio.ts"
import { coefficients, type DistinctAction, mergeEqual } from "./policy-loss.ts"
import type { Row } from "./row.ts"

export interface TrainingBatch {
  /** One a distinct scored action, those without gradient included. */
  rows: TrainingRow[]
  /** The same order as `rows`. */
  distinct: DistinctAction[]
  /** log π_initial of the rows' tokens; undefined where the update does not need it. */
  initial: number[][] | undefined
  loss: LossOptions
}

/** What N counts: the loss is a mean over these. */
type LossUnit = "action" | "episode" | "state"

export interface BatchOptions {
  beta: number
  kl: "penalty" | "exact"
  /** Bound of importance ratios; absent: none. */
  ratioClip?: number
  /** Default: scored actions. */
  unit?: LossUnit
}

/** Training rows of rows with an advantage. The reference pass is made only for a penalty, on distinct actions only. */
export async function createTrainingBatch(
  context: TrainingContext,
  rows: readonly Row[],
  advantages: readonly (number | undefined)[],
  options: BatchOptions,
): Promise<TrainingBatch> {
  const weighed = rows.map((row, index) => ({ ...row, advantage: advantages[index] }))
  const merged = [...Map.groupBy(weighed, ({ stateId }) => stateId).values()].flatMap((state) =>
    mergeEqual(state).map((action) => ({ promptTokenIds: state[0]!.promptTokenIds, action })),
  )
  const distinct = merged.map(({ action }) => action)
  const texts = merged.map(({ promptTokenIds, action }) => ({ promptTokenIds, tokenIds: action.tokenIds }))
  const withPenalty = options.kl === "penalty" && options.beta > 0 && texts.length > 0
  const initial = withPenalty ? await context.engine.logProbabilities(texts, "initial") : undefined
  const { ratioClip } = options
  const current = ratioClip && texts.length > 0 ? await context.engine.logProbabilities(texts, "current") : undefined
  const made = texts.map((text, index) => {
    const action = distinct[index]!
    const penalty = initial && { beta: options.beta, initialLogProbabilities: initial[index]! }
    const ratios = current && importanceRatios(action.logProbabilities, current[index]!, ratioClip!)
    const values = coefficients(action, penalty).map((value, t) => value * (ratios?.[t] ?? 1))
    return { ...text, coefficients: values, count: action.count }
  })
  const normaliser = unitsOf(
    weighed.filter(({ advantage }) => advantage !== undefined),
    options.unit ?? "action",
  )
  const exact = options.kl === "exact" && options.beta > 0
  return { rows: made, distinct, initial, loss: { normaliser, exactKl: exact ? { weight: options.beta } : undefined } }
}

function unitsOf(scored: readonly Row[], unit: LossUnit): number {
  if (unit === "action") return scored.length
  return new Set(scored.map(({ stateId, episodeId }) => (unit === "state" ? stateId : episodeId))).size
}
