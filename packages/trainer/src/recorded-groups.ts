/** Recorded actions by the state they were taken at, judged as fresh ones are: a first sample that costs no token. */
import { type Step, stepAction, type TrainingContext, type Trajectory } from "@swirl-ts/core"
import { decompose, type State, stateId } from "./decompose.ts"
import { badUnasked, type Group, judgeGroups, type SampledAction } from "./groups.ts"

/** One group a state, in their order, of the actions that `trajectories` took there; an action alone is not judged. */
export async function recordedGroups(
  context: Pick<TrainingContext, "judge">,
  states: readonly State[],
  trajectories: readonly Trajectory[],
): Promise<Group[]> {
  const groups = new Map(states.map((state): [string, Group] => [state.id, { state, actions: [] }]))
  for (const trajectory of trajectories)
    for (const { step, promptTokenIds, tokenIds } of decompose(trajectory)) {
      const group = groups.get(stateId(promptTokenIds))
      group?.actions.push(recordedAction(trajectory.steps[step]!, tokenIds))
    }
  const all = [...groups.values()]
  await judgeGroups(
    context,
    all.filter(({ actions }) => actions.length > 1),
  )
  return all
}

function recordedAction(step: Step, tokenIds: readonly number[]): SampledAction {
  const { text, finishReason, logProbabilities = [] } = step
  const action = stepAction(step)
  return {
    tokenIds: [...tokenIds],
    logProbabilities: [...logProbabilities],
    text,
    action,
    kind: finishReason === "length" ? "cut-off" : action.kind,
    ...badUnasked(finishReason, action),
  }
}
