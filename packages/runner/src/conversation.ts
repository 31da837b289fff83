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

/** Call ids are not recorded: they are names within one conversation. */
function stepGeneration(step: Step): Pick<Generation, "text" | "toolCalls" | "reasoning" | "providerMetadata"> {
  const { text, index, reasoning, providerMetadata } = step
  const toolCalls = recordedCalls(step).map((call, place) => ({
    toolCallId: place === 0 ? `call-${index}` : `call-${index}-${place}`,
    ...call,
  }))
  return { text, reasoning, providerMetadata, toolCalls }
}

/** Those of a turn that could not be read, else the one that was made. */
function recordedCalls({ call, toolCalls = [] }: Step): Omit<Generation["toolCalls"][number], "toolCallId">[] {
  if (!call) return toolCalls
  const { tool: toolName, input, providerMetadata } = call
  return [{ toolName, input: JSON.stringify(input) ?? "{}", providerMetadata }]
}
