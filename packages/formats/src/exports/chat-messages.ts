/**
 * Conversations as OpenAI's chat messages, which most tools of the field read. Every message is said in full: a thought that
 * only its provider can read, and what a provider sent along, are not part of that format and are left out.
 */
import { type Message, templateMessages } from "@swirl-ts/core"

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
export const chatMessages = (prompt: readonly Message[]): ChatMessage[] =>
  templateMessages(prompt).map((message): ChatMessage => {
    if (message.role === "tool") {
      const { role, content, tool_call_id, name } = message
      return { role, content, tool_call_id, name }
    }
    if (message.role !== "assistant") return message
    const { role, content, tool_calls } = message
    if (!tool_calls) return { role, content }
    const calls = tool_calls.map(({ id, type, function: { name, arguments: input } }) => ({
      id,
      type,
      function: { name, arguments: JSON.stringify(input ?? {}) },
    }))
    return { role, content: content === "" ? null : content, tool_calls: calls }
  })

/** As loaders of rows want them: the same keys in every message. */
export interface RowMessage {
  role: "system" | "user" | "assistant" | "tool"
  content: string
  tool_calls?: { id: string; type: "function"; function: { name: string; arguments: unknown } }[] | null
  tool_call_id?: string | null
  name?: string | null
}

/** `withCalls`: every message has every key, null where it has nothing to say. */
export function rowMessages(prompt: readonly Message[], withCalls: boolean): RowMessage[] {
  return templateMessages(prompt).map((message) => {
    const { role, content } = message
    const calls = message.role === "assistant" ? message.tool_calls : undefined
    if (!withCalls && !calls && role !== "tool") return { role, content }
    return {
      role,
      content,
      tool_calls:
        calls?.map(({ id, type, function: { name, arguments: input } }) => ({
          id,
          type,
          function: { name, arguments: input ?? {} },
        })) ?? null,
      tool_call_id: message.role === "tool" ? message.tool_call_id : null,
      name: message.role === "tool" ? message.name : null,
    }
  })
}
