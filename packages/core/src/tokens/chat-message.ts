/**
 * Turns as chat templates of Hugging Face read them. Invariant: no text of a turn, of a call or of a tool can speak a control
 * token; what a template writes of itself can.
 */
import type { FunctionTool } from "../contracts/function-tool.ts"
import { contentHash } from "../hash.ts"
import { type Message, messageText } from "../prompts/prompt.ts"
import { breakNames } from "./plain-names.ts"
import type { TextCodec } from "./text-codec.ts"

export interface ChatMessage {
  role: string
  content: string
  /** Of the model's own turn. */
  tool_calls?: readonly ChatCall[]
  /** Of the result of a call. */
  tool_call_id?: string
  name?: string
}

interface ChatCall {
  id: string
  type: "function"
  function: { name: string; arguments: unknown }
}

/** A turn in words: calls and results as they would be read aloud. */
export const spokenMessage = (codec: TextCodec, message: Message): ChatMessage => ({
  role: message.role,
  content: breakNames(codec, messageText(message)),
})

/** A turn with its calls; one for each result. */
export function toolMessages(codec: TextCodec, message: Message, argumentsAreText: boolean): ChatMessage[] {
  const plain = (text: string): string => breakNames(codec, text)
  if (message.role === "tool") {
    return message.content.map(({ toolCallId, toolName, output }) => ({
      role: "tool",
      tool_call_id: chatCallId(toolCallId),
      name: plain(toolName),
      content: plain(output.value),
    }))
  }
  const calls = message.role === "assistant" ? message.content.filter((part) => part.type === "tool-call") : []
  if (message.role !== "assistant" || calls.length === 0) return [spokenMessage(codec, message)]
  const said = message.content.filter((part) => part.type === "text").map(({ text }) => text)
  const tool_calls = calls.map(({ toolCallId, toolName, input }): ChatCall => {
    const given = withPlainTexts(codec, input)
    return {
      id: chatCallId(toolCallId),
      type: "function",
      function: { name: plain(toolName), arguments: argumentsAreText ? JSON.stringify(given) : given },
    }
  })
  return [{ role: "assistant", content: plain(said.join("")), tool_calls }]
}

/** The strictest templates refuse ids of other than nine letters and digits; equal ones stay equal. */
const chatCallId = (id: string): string => (isChatCallId(id) ? id : contentHash(["call", id], 9))

export const isChatCallId = (id: string): boolean => /^[A-Za-z0-9]{9}$/.test(id)

/** As templates are given tools. */
export const chatTools = (codec: TextCodec, tools: readonly FunctionTool[]): object[] =>
  tools.map(({ name, description = "", inputSchema }) => ({
    type: "function",
    function: withPlainTexts(codec, { name, description, parameters: inputSchema }),
  }))

/** The same value, with no name of a control token whole in any text of it. */
function withPlainTexts<T>(codec: TextCodec, value: T): T {
  if (typeof value === "string") return breakNames(codec, value) as T
  if (typeof value !== "object" || value === null) return value
  if (Array.isArray(value)) return value.map((each) => withPlainTexts(codec, each)) as T
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [breakNames(codec, key), withPlainTexts(codec, each)]),
  ) as T
}
