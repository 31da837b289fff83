/**
 * A trajectory that somebody else made, as token ids of a policy that is to learn from it: a model behind a server, or an
 * imported log, keeps none. Invariant: states are written as the policy would be shown them, and each turn as it would have said it;
 * there are no log-probabilities, since it said none of it.
 */
import {
  type ActionFormat,
  type ConversationTokens,
  type NamedTool,
  offeringTools,
  type Step,
  SwirlError,
  type Trajectory,
} from "@swirl-ts/core"
import { conversationBefore } from "./conversation.ts"

/** Whether every step has its ids. */
export const hasTokenIds = ({ steps }: Pick<Trajectory, "steps">): boolean =>
  steps.every(({ tokenIds, contextTokenIds }) => tokenIds !== undefined && contextTokenIds !== undefined)

/** Throws a usage error where the policy takes no tools, or cannot say turns that it did not sample. */
export function taughtTrajectory(
  trajectory: Trajectory,
  conversation: ConversationTokens,
  format: ActionFormat,
  tools: readonly NamedTool[],
): Trajectory {
  const offered = offeringTools(conversation, format.requestTools(tools))
  const { taught } = offered
  if (!taught)
    throw new SwirlError(
      `Trajectory ${trajectory.id} has no token ids, and the policy cannot write the turns of others as ids. Generate the trajectories with the policy that is trained.`,
      { kind: "usage" },
    )
  let entered = offered.start(trajectory.prompt)
  const steps = trajectory.steps.map((step, index): Step => {
    const before = conversationBefore(trajectory, index, format)
    const [turn, ...replies] = conversationBefore(trajectory, index + 1, format).slice(before.length)
    const isCut = step.finishReason === "length"
    const tokenIds = taught(before, turn!, { isCut })
    const contextTokenIds = entered
    const isLast = index === trajectory.steps.length - 1
    entered = isLast || replies.length === 0 ? [] : offered.continue(replies, isCut ? "length" : "stop", tokenIds)
    return { ...step, contextTokenIds, tokenIds, logProbabilities: undefined, shown: undefined }
  })
  return { ...trajectory, steps }
}
