/** Every recorded step is a state to act in again: all that stood before its action, token by token. */
import { SwirlError, type Trajectory } from "@swirl-ts/core"

export interface State {
  trajectory: Trajectory
  step: number
  promptTokenIds: readonly number[]
}

export function statesOf({ steps, ...trajectory }: Trajectory): State[] {
  const ids: number[] = []
  return steps.map(({ contextTokenIds, tokenIds, shown }, step) => {
    if (!contextTokenIds || !tokenIds) {
      throw new SwirlError(
        `Trajectory ${trajectory.id} has no token ids at step ${step}. Generate with the policy that is trained.`,
      )
    }
    ids.push(...contextTokenIds)
    const promptTokenIds = [...ids]
    // A thought that the chat template takes off is in no later state.
    if (shown) ids.length -= shown.dropped
    ids.push(...(shown?.tokenIds ?? tokenIds))
    return { trajectory: { ...trajectory, steps }, step, promptTokenIds }
  })
}
