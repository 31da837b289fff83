/** Conversations in the AI SDK's prompt shape (specification v2 to v4), as zod schemas: they are part of records. */
import { z } from "zod"

export type JsonValue = null | string | number | boolean | JsonValue[] | { [key: string]: JsonValue }

/** By provider, what belongs to nobody else: it came with a part of the model's turn and goes back with it as it came. */
export const ProviderFieldsSchema = z.record(z.string(), z.record(z.string(), z.custom<JsonValue>()))
export type ProviderFields = z.infer<typeof ProviderFieldsSchema>

const providerOptions = ProviderFieldsSchema.optional()

export const TextPartSchema = z.object({ type: z.literal("text"), text: z.string(), providerOptions })
/** In the model's own turns, where its provider wants the thought back. */
export const ReasoningPartSchema = z.object({ type: z.literal("reasoning"), text: z.string(), providerOptions })
export const ToolCallPartSchema = z.object({
  type: z.literal("tool-call"),
  toolCallId: z.string(),
  toolName: z.string(),
  input: z.unknown(),
  providerOptions,
})
export const ToolResultPartSchema = z.object({
  type: z.literal("tool-result"),
  toolCallId: z.string(),
  toolName: z.string(),
  output: z.object({ type: z.enum(["text", "error-text"]), value: z.string() }),
})

export const MessageSchema = z.discriminatedUnion("role", [
  z.object({ role: z.literal("system"), content: z.string() }),
  z.object({ role: z.literal("user"), content: z.array(TextPartSchema) }),
  z.object({
    role: z.literal("assistant"),
    content: z.array(z.union([TextPartSchema, ReasoningPartSchema, ToolCallPartSchema])),
  }),
  z.object({ role: z.literal("tool"), content: z.array(ToolResultPartSchema) }),
])
export const PromptSchema = z.array(MessageSchema)

export type TextPart = z.infer<typeof TextPartSchema>
export type ReasoningPart = z.infer<typeof ReasoningPartSchema>
export type ToolCallPart = z.infer<typeof ToolCallPartSchema>
export type Message = z.infer<typeof MessageSchema>
export type Prompt = Message[]

export const systemMessage = (text: string): Message => ({ role: "system", content: text })
export const userMessage = (text: string): Message => ({ role: "user", content: [{ type: "text", text }] })
export const assistantMessage = (text: string): Message => ({ role: "assistant", content: [{ type: "text", text }] })

/** Assistant messages that follow one another are one turn of the model: what stands in the second was put into it. */
export function joinTurns(prompt: readonly Message[]): Prompt {
  const joined: Prompt = []
  for (const message of prompt) {
    const last = joined.at(-1)
    if (message.role === "assistant" && last?.role === "assistant")
      joined[joined.length - 1] = { role: "assistant", content: [...last.content, ...message.content] }
    else joined.push(message)
  }
  return joined
}

/** The plain text of a message, its thoughts left out; tool calls and results as they would be read aloud. */
export function messageText(message: Message): string {
  if (message.role === "system") return message.content
  if (message.role === "tool") return message.content.map((part) => part.output.value).join("\n")
  return message.content.map(partText).join("")
}

function partText(part: TextPart | ReasoningPart | ToolCallPart): string {
  if (part.type === "reasoning") return ""
  return part.type === "text" ? part.text : `${part.toolName}(${JSON.stringify(part.input)})`
}
