/**
 * The model's own turn as it goes back with the next request: as the format writes it, with what its provider sent along and
 * wants to have back. Invariant: a turn is never empty, since strict servers refuse one without text and calls.
 */
import {
  type ActionFormat,
  contentHash,
  type Generation,
  type Message,
  type Prompt,
  type ReasoningPart,
  type TextPart,
  type ToolCallPart,
} from "@swirl-ts/core"

type Turn = Pick<Generation, "text" | "toolCalls" | "reasoning" | "providerMetadata">
type Part = TextPart | ReasoningPart | ToolCallPart

/** What stands for a turn that says nothing. */
const nothingSaid = "(an empty turn)"

export function modelTurn(format: ActionFormat, generation: Turn): Message {
  const message = format.turn(generation)
  if (message.role !== "assistant") return message
  const { reasoning = [], toolCalls, providerMetadata } = generation
  const ofCalls = new Map(toolCalls.map((call) => [call.toolCallId, call.providerMetadata]))
  const content = message.content.map((part): Part => {
    const providerOptions = part.type === "tool-call" ? ofCalls.get(part.toolCallId) : undefined
    return providerOptions ? { ...part, providerOptions } : part
  })
  if (providerMetadata) addToText(content, providerMetadata)
  // A thought that its provider said nothing of was for the model alone.
  const thoughts = reasoning.flatMap(({ text, providerMetadata: providerOptions }): Part[] =>
    providerOptions ? [{ type: "reasoning", text, providerOptions }] : [],
  )
  return { role: "assistant", content: [...thoughts, ...filled(content)] }
}

function addToText(content: Part[], providerOptions: TextPart["providerOptions"]): void {
  const at = content.findIndex((part) => part.type === "text")
  const part = content[at]
  if (part) content[at] = { ...part, providerOptions }
  else content.unshift({ type: "text", text: "", providerOptions })
}

function filled(content: Part[]): Part[] {
  const says = content.some((part) => part.type === "tool-call" || part.text.trim() !== "")
  if (says) return content
  const [first] = content
  return [{ ...(first?.type === "text" ? first : { type: "text" }), text: nothingSaid }]
}

/**
 * The turn with ids of calls that are unique in the conversation: a server may leave them out, or count every turn's from
 * zero. An invented one has nine letters and digits, as the strictest servers want them.
 */
export function withUniqueCallIds(generation: Generation, conversation: Prompt, step: number): Generation {
  if (generation.toolCalls.length === 0) return generation
  const taken = new Set(
    conversation.flatMap((message) =>
      message.role === "assistant"
        ? message.content.flatMap((part) => (part.type === "tool-call" ? [part.toolCallId] : []))
        : [],
    ),
  )
  const toolCalls = generation.toolCalls.map((call, index) => {
    let { toolCallId } = call
    for (let again = 0; toolCallId === "" || taken.has(toolCallId); again++) {
      toolCallId = contentHash(["call", step, index, again], 9)
    }
    taken.add(toolCallId)
    return { ...call, toolCallId }
  })
  return { ...generation, toolCalls }
}
