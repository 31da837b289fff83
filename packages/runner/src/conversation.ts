/** The messages of a recorded trajectory, rebuilt from its prompt and steps. */
import { type ActionFormat, type Generation, type Prompt, type Step, stepAction, type Trajectory } from "@swirl-ts/core"
import { modelTurn } from "./model-turn.ts"

type Recorded = Pick<Trajectory, "prompt" | "steps">

/** The conversation that the model saw at step `index`. */
export const conversationBefore = ({ prompt, steps }: Recorded, index: number, format: ActionFormat): Prompt => [
  ...prompt,
  ...steps.slice(0, index).flatMap((step) => stepTurns(step, format)),
]

/** What a step added to the conversation: the model's turn as it stands in it, and the turns that answer it. */
export function stepTurns(step: Step, format: ActionFormat): Prompt {
  const generation = stepGeneration(step)
  const { observation } = step
  const replies = observation ? format.reply(stepAction(step), observation, generation) : []
  return [modelTurn(format, generation), ...replies]
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
