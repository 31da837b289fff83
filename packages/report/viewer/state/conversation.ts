/** What the model saw at a step: the first prompt, and what each earlier step brought into the conversation. */
import type { ShownMessage, ViewerTrajectory } from "../../src/viewer/trajectories-page.ts"

/** Undefined where it cannot be said: the action format of the run was not at hand when the folder was made. */
export function promptAt({ prompt, steps }: ViewerTrajectory, step: number): ShownMessage[] | undefined {
  const entered = steps.slice(0, step).map((each) => each.entered)
  return entered.every((each) => each !== undefined) ? [...prompt, ...entered.flat()] : undefined
}
