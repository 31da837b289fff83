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

/** As chat templates of transformers read them: arguments are an object, and no content is null. */
export interface TemplateMessage {
  role: "system" | "user" | "assistant" | "tool"
  content: string
  tool_calls?: { id: string; type: "function"; function: { name: string; arguments: unknown } }[] | null
  tool_call_id?: string | null
  name?: string | null
}

/** `withCalls`: every message has every key, null where it has nothing to say: loaders want the same keys in every row. */
export function templateMessages(prompt: readonly Message[], withCalls: boolean): TemplateMessage[] {
  return chatMessages(prompt).map((message) => {
    const plain = { role: message.role, content: message.content ?? "" }
    const calls = message.role === "assistant" ? message.tool_calls : undefined
    if (!withCalls && !calls && message.role !== "tool") return plain
    return {
      ...plain,
      tool_calls:
        calls?.map(({ id, type, function: { name, arguments: text } }) => ({
          id,
          type,
          function: { name, arguments: JSON.parse(text) as unknown },
        })) ?? null,
      tool_call_id: message.role === "tool" ? message.tool_call_id : null,
      name: message.role === "tool" ? message.name : null,
    }
  })
}
