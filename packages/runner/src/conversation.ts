/** The messages of a recorded trajectory, rebuilt from its prompt and steps. */
import { type ActionFormat, type Generation, type Prompt, type Step, stepAction, type Trajectory } from "@swirl-ts/core"
import { modelTurn } from "./model-turn.ts"

/** The conversation that the model saw at step `index`. */
export function conversationBefore(
  trajectory: Pick<Trajectory, "prompt" | "steps">,
  index: number,
  format: ActionFormat,
): Prompt {
  const messages: Prompt = [...trajectory.prompt]
  for (const step of trajectory.steps.slice(0, index)) {
    const generation = stepGeneration(step)
    messages.push(modelTurn(format, generation))
    if (step.observation) messages.push(...format.reply(stepAction(step), step.observation, generation))
  }
  return messages
}

/** Call ids are not recorded: they are names within one conversation. Native calls of malformed turns are lost. */
function stepGeneration(step: Step): Pick<Generation, "text" | "toolCalls" | "reasoning" | "providerMetadata"> {
  const { call, text, index, reasoning, providerMetadata } = step
  if (!call) return { text, reasoning, providerMetadata, toolCalls: [] }
  const { tool: toolName, input, providerMetadata: ofCall } = call
  const written = JSON.stringify(input) ?? "{}"
  const toolCalls = [{ toolCallId: `call-${index}`, toolName, input: written, providerMetadata: ofCall }]
  return { text, reasoning, providerMetadata, toolCalls }
}
