/**
 * A row: one action of the live policy at one state, with all that a credit assigner may look at. What does not exist is
 * undefined and is no 0: a judge that failed, an answer without a score, an action that was never executed.
 */
import type { ActionKind } from "./groups.ts"

export interface Row {
  /** The same where the ids before the action are the same. */
  stateId: string
  /** The same where benchmark, split and task are the same. */
  questionId: string
  /** Of the fresh episode that it is a step of; undefined where it was not executed. */
  episodeId?: string
  /** Index of the step that it is, or would be. */
  step: number
  kind: ActionKind
  promptTokenIds: readonly number[]
  tokenIds: readonly number[]
  /** log π of the ids when they were sampled, at temperature 1. */
  logProbabilities: readonly number[]
  /** log π_initial of them; only where the algorithm compares them. */
  initialLogProbabilities?: readonly number[]
  /** The judge's, in [0, 1]. */
  score?: number
  /** The benchmark's own score of the episode's answer, in [0, 1]. */
  outcome?: number
  /** How much more probable the gold answer is after the step than before it; of steps that do not answer. */
  gain?: number
}
