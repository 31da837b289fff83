/**
 * From scored samples to training rows (DESIGN 5). Loss = −(1/N) Σ coefficient · log π(token) with
 * coefficient at token t = Σ over equal samples of (A − β Σ_{u ≥ t} (log π − log π_initial)), a constant of the update.
 * Invariant: equal actions of a state become one row with summed coefficients and `count`: the same gradient, fewer tokens.
 */
import type { TrainingRow } from "@swirl-ts/core"

/** One sample of a state. `advantage` undefined: unscored, it is left out altogether. */
export interface WeighedSample {
  tokenIds: readonly number[]
  /** log π of the sampled ids when they were sampled, at temperature 1. */
  logProbabilities: readonly number[]
  advantage: number | undefined
}

export interface DistinctAction {
  tokenIds: readonly number[]
  logProbabilities: readonly number[]
  /** Sum over the samples that are equal. */
  advantage: number
  /** How many scored samples are equal. */
  count: number
}

/** Scored samples of one state, equal ones merged, in order of first appearance. */
export function mergeEqual(samples: readonly WeighedSample[]): DistinctAction[] {
  const distinct = new Map<string, DistinctAction>()
  for (const { tokenIds, logProbabilities, advantage } of samples) {
    if (advantage === undefined) continue
    const key = tokenIds.join(" ")
    const entry = distinct.get(key) ?? { tokenIds, logProbabilities, advantage: 0, count: 0 }
    entry.advantage += advantage
    entry.count += 1
    distinct.set(key, entry)
  }
  return [...distinct.values()]
}

/** Coefficient of every token. `penalty` absent: no KL term here (β = 0, or the exact KL is the engine's). */
export function coefficients(
  action: DistinctAction,
  penalty?: { beta: number; initialLogProbabilities: readonly number[] },
): number[] {
  const result = new Array<number>(action.tokenIds.length).fill(action.advantage)
  if (!penalty) return result
  let suffix = 0
  for (let t = result.length - 1; t >= 0; t--) {
    suffix += action.logProbabilities[t]! - penalty.initialLogProbabilities[t]!
    result[t] = action.advantage - penalty.beta * action.count * suffix
  }
  return result
}

/**
 * Rows whose gradient is not exactly zero. With an exact KL every row has one. At least one row stays, so that an
 * optimiser step always follows a backward pass (Adam's momentum moves on, as it would with all rows).
 */
export function withGradient(rows: readonly TrainingRow[], exactKl: boolean): TrainingRow[] {
  if (exactKl) return [...rows]
  const kept = rows.filter((row) => row.coefficients.some((coefficient) => coefficient !== 0))
  return kept.length > 0 ? kept : rows.slice(0, 1)
}

/** The loss as stated, from log π of the rows' tokens. */
export function policyLoss(
  rows: readonly Pick<TrainingRow, "coefficients">[],
  logProbabilities: readonly (readonly number[])[],
  normaliser: number,
): number {
  let sum = 0
  rows.forEach((row, r) => {
    row.coefficients.forEach((coefficient, t) => {
      sum += coefficient * logProbabilities[r]![t]!
    })
  })
  return sum === 0 ? 0 : -sum / normaliser
}

/**
 * Largest |log π in training − log π when sampled| of a token. Both are the same policy on the same tokens, so it is the
 * rounding between the two ways of computing them (f32: at most 1e-4); more means that they are not the same.
 */
export function trainSampleDifference(
  actions: readonly Pick<DistinctAction, "logProbabilities">[],
  trained: readonly (readonly number[])[],
): number {
  let largest = 0
  actions.forEach(({ logProbabilities }, row) => {
    logProbabilities.forEach((sampled, t) => {
      largest = Math.max(largest, Math.abs(trained[row]![t]! - sampled))
    })
  })
  return largest
}
