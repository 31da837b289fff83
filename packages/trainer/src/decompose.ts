/**
 * K actions of a trajectory give K sub-trajectories (METHOD 2): the state is everything before an action, token by token.
 * Invariant: ids are concatenated as recorded and shown, never re-tokenised; a recorded action is context of later states only.
 */
import { contentHash, SwirlError, type Trajectory } from "@swirl-ts/core"

export interface SubTrajectory {
  trajectory: Trajectory
  /** Index of the recorded action in `trajectory.steps`. */
  step: number
  /** The state s_i: prompt, earlier actions, environment text, opening of the model's turn. */
  promptTokenIds: number[]
  /** The recorded action a_i; only supervised controls train on it. */
  tokenIds: readonly number[]
}

/** A state, once, whatever the number of trajectories that pass through it. */
export interface State {
  /** Hash of the token ids. */
  id: string
  promptTokenIds: readonly number[]
  /** Share of draws; the weights of all states sum to 1. */
  weight: number
  /** Where it was first seen: what the judge is shown. */
  trajectory: Trajectory
  step: number
  /** Recorded steps that start here. */
  occurrences: number
}

/** `trajectory`: every trajectory weighs the same, shared among its states. `state`: every distinct state weighs the same. */
export type Weighting = "trajectory" | "state"

/** Of a state: a hash of its token ids. */
export const stateId = (promptTokenIds: readonly number[]): string => contentHash(promptTokenIds.join(" "))

/** State and action of every step, in order. Throws where the model that made the trajectory kept no token ids. */
export function decompose(trajectory: Trajectory): SubTrajectory[] {
  const ids: number[] = []
  return trajectory.steps.map((step, index) => {
    if (!step.contextTokenIds || !step.tokenIds) {
      throw new SwirlError(
        `Trajectory ${trajectory.id} has no token ids at step ${index}: its model, ${trajectory.policy}, does not return them. ` +
          "Training needs the exact ids that were sampled: generate the trajectories with the policy that the engine trains, which returns them.",
      )
    }
    ids.push(...step.contextTokenIds)
    const promptTokenIds = [...ids]
    // A thought that the chat template takes off is part of its action, and of no later state.
    if (step.shown) ids.length -= step.shown.dropped
    ids.push(...(step.shown?.tokenIds ?? step.tokenIds))
    return { trajectory, step: index, promptTokenIds, tokenIds: step.tokenIds }
  })
}

/**
 * The states that leave room for an action, one token at least, in a context of `contextSize`; the others are dropped, not
 * cut: a state without its beginning is another one. An action that does not fit in is cut off where the context ends.
 */
export function statesThatFit(
  states: readonly State[],
  contextSize = Number.POSITIVE_INFINITY,
): { states: readonly State[]; dropped: number } {
  const fitting = states.filter(({ promptTokenIds }) => promptTokenIds.length < contextSize)
  if (fitting.length === states.length) return { states, dropped: 0 }
  const total = fitting.reduce((sum, { weight }) => sum + weight, 0)
  return {
    states: fitting.map((state) => ({ ...state, weight: state.weight / total })),
    dropped: states.length - fitting.length,
  }
}

/** The distinct states of many trajectories, in order of first appearance, with merged weights. */
export function distinctStates(trajectories: readonly Trajectory[], weighting: Weighting = "trajectory"): State[] {
  const states = new Map<string, State>()
  for (const trajectory of trajectories) {
    const parts = decompose(trajectory)
    for (const { promptTokenIds, step } of parts) {
      const key = promptTokenIds.join(" ")
      const state = states.get(key) ?? {
        id: stateId(promptTokenIds),
        promptTokenIds,
        weight: 0,
        trajectory,
        step,
        occurrences: 0,
      }
      state.weight += 1 / parts.length
      state.occurrences += 1
      states.set(key, state)
    }
  }
  const all = [...states.values()]
  if (weighting === "state") for (const state of all) state.weight = 1
  const total = all.reduce((sum, state) => sum + state.weight, 0)
  for (const state of all) state.weight /= total
  return all
}

/** Every trajectory's distinct states that are among `states`, as indices into `states`, with its share of draws; shares sum to 1. */
export function statesByTrajectory(
  trajectories: readonly Trajectory[],
  states: readonly State[],
  weighting: Weighting = "trajectory",
): { weight: number; states: number[] }[] {
  const indices = new Map(states.map((state, index) => [state.promptTokenIds.join(" "), index]))
  const whole = trajectories
    .map((trajectory) => decompose(trajectory).flatMap((part) => indices.get(part.promptTokenIds.join(" ")) ?? []))
    .filter((of) => of.length > 0)
  const weights = whole.map((of) => (weighting === "trajectory" ? 1 : of.length))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return whole.map((of, index) => ({ weight: weights[index]! / total, states: [...new Set(of)] }))
}
