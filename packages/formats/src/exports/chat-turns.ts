/**
 * A trajectory as turns with structured calls, whatever way the model wrote them: what a viewer of agents' work shows. The text
 * of a turn stays as it was written. Call ids are names within one conversation.
 */
import type { Message, Step, Trajectory } from "@swirl-ts/core"
import { isObject } from "@swirl-ts/kit"

export interface TurnCall {
  id: string
  name: string
  input: Record<string, unknown>
}

export interface Turn {
  step: Step
  /** The one that was made; of a turn that could not be read, those that it tried to make. */
  calls: TurnCall[]
}

export const turnsOf = ({ steps }: Pick<Trajectory, "steps">): Turn[] =>
  steps.map((step) => ({ step, calls: callsOf(step) }))

function callsOf({ index, call, toolCalls = [] }: Step): TurnCall[] {
  if (call) return [{ id: `call-${index}`, name: call.tool, input: asObject(call.input) }]
  return toolCalls.map(({ toolName, input }, place) => ({
    id: place === 0 ? `call-${index}` : `call-${index}-${place}`,
    name: toolName,
    input: asObject(parsed(input)),
  }))
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return { text }
  }
}

const asObject = (input: unknown): Record<string, unknown> =>
  isObject(input) ? (input as Record<string, unknown>) : { input }

/** Calls of a message of the first prompt: those of worked examples. */
export const promptCalls = (message: Message): TurnCall[] =>
  message.role === "assistant"
    ? message.content.flatMap((part) =>
        part.type === "tool-call" ? [{ id: part.toolCallId, name: part.toolName, input: asObject(part.input) }] : [],
      )
    : []
