/**
 * Conversations as chat templates and OpenAI's API have them, in full: a result of a tool is a message of its own, and a call's
 * arguments are what they are, no text. What only its provider can read of a thought has no place there.
 */
import { type Message, messageText } from "./prompt.ts"

export interface TemplateCall {
  id: string
  type: "function"
  function: { name: string; arguments: unknown }
}

export type TemplateMessage =
  | { role: "system" | "user"; content: string }
  | { role: "assistant"; content: string; tool_calls?: TemplateCall[] }
  | { role: "tool"; tool_call_id: string; name: string; content: string }

export const templateMessages = (prompt: readonly Message[]): TemplateMessage[] => prompt.flatMap(ofMessage)

function ofMessage(message: Message): TemplateMessage[] {
  if (message.role === "tool")
    return message.content.map(({ toolCallId, toolName, output }) => ({
      role: "tool",
      tool_call_id: toolCallId,
      name: toolName,
      content: output.value,
    }))
  if (message.role !== "assistant") return [{ role: message.role, content: messageText(message) }]
  const content = message.content.map((part) => (part.type === "text" ? part.text : "")).join("")
  const calls = message.content.flatMap((part): TemplateCall[] =>
    part.type === "tool-call"
      ? [{ id: part.toolCallId, type: "function", function: { name: part.toolName, arguments: part.input } }]
      : [],
  )
  return [{ role: "assistant", content, ...(calls.length > 0 ? { tool_calls: calls } : {}) }]
}
