/** The messages of a recorded trajectory, rebuilt from its prompt and steps. */
import { type ActionFormat, type Prompt, type Step, stepAction, type Trajectory } from "@swirl-ts/core"

/** The conversation that the model saw at step `index`. */
export function conversationBefore(
  trajectory: Pick<Trajectory, "prompt" | "steps">,
  index: number,
  format: ActionFormat,
): Prompt {
  const messages: Prompt = [...trajectory.prompt]
  for (const step of trajectory.steps.slice(0, index)) {
    const generation = stepGeneration(step)
    messages.push(format.turn(generation))
    if (step.observation) messages.push(...format.reply(stepAction(step), step.observation, generation))
  }
  return messages
}

/** Call ids are not recorded: they are names within one conversation. Native calls of malformed turns are lost. */
function stepGeneration(step: Step): {
  text: string
  toolCalls: { toolCallId: string; toolName: string; input: string }[]
} {
  const { call, text, index } = step
  return {
    text,
    toolCalls: call
      ? [{ toolCallId: `call-${index}`, toolName: call.tool, input: JSON.stringify(call.input) ?? "{}" }]
      : [],
  }
}
