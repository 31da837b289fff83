/**
 * Conversations as OpenAI's chat messages, which most tools of the field read. Every message is said in full: a thought that
 * only its provider can read, and what a provider sent along, are not part of that format and are left out.
 */
import { type Message, messageText } from "@swirl-ts/core"

export interface ChatToolCall {
  id: string
  type: "function"
  /** `arguments`: JSON, as text. */
  function: { name: string; arguments: string }
}

export type ChatMessage =
  | { role: "system" | "user"; content: string }
  | { role: "assistant"; content: string | null; tool_calls?: ChatToolCall[] }
  | { role: "tool"; content: string; tool_call_id: string; name: string }

/** `content` is null where a turn is calls alone. */
export const chatMessages = (prompt: readonly Message[]): ChatMessage[] => prompt.flatMap(ofMessage)

function ofMessage(message: Message): ChatMessage[] {
  if (message.role === "system" || message.role === "user")
    return [{ role: message.role, content: messageText(message) }]
  if (message.role === "tool")
    return message.content.map(({ toolCallId, toolName, output }) => ({
      role: "tool",
      content: output.value,
      tool_call_id: toolCallId,
      name: toolName,
    }))
  const text = message.content.map((part) => (part.type === "text" ? part.text : "")).join("")
  const calls = message.content.flatMap((part): ChatToolCall[] =>
    part.type === "tool-call"
      ? [
          {
            id: part.toolCallId,
            type: "function",
            function: { name: part.toolName, arguments: JSON.stringify(part.input ?? {}) },
          },
        ]
      : [],
  )
  if (calls.length === 0) return [{ role: "assistant", content: text }]
  return [{ role: "assistant", content: text === "" ? null : text, tool_calls: calls }]
}
