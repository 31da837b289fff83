/**
 * A conversation as one text, the same for our own messages and for those of chat completions, which is what trainers send:
 * roles, texts and calls. Ids of calls are names within one conversation, and are left out.
 */
import { canonicalJson, joinTurns, type Message, messageText, type Prompt } from "@swirl-ts/core"
import { isObject, parseJson } from "@swirl-ts/kit"
import { z } from "zod"

const TextPartSchema = z.object({ type: z.literal("text"), text: z.string() })

/** A message of OpenAI's chat completions, as TRL, verl and slime keep prompts. What it has beside these is passed over. */
export const ChatMessageSchema = z.object({
  role: z.enum(["system", "developer", "user", "assistant", "tool"]),
  content: z.union([z.string(), z.array(TextPartSchema), z.null()]).optional(),
  tool_calls: z
    .union([
      z.array(
        z.object({
          function: z.object({ name: z.string(), arguments: z.union([z.string(), z.record(z.string(), z.unknown())]) }),
        }),
      ),
      z.null(),
    ])
    .optional(),
})
export type ChatMessage = z.infer<typeof ChatMessageSchema>

export interface WrittenCall {
  toolName: string
  /** JSON. */
  input: string
}

interface Line {
  role: string
  text: string
  calls: readonly WrittenCall[]
}

export const contentText = ({ content }: ChatMessage): string =>
  typeof content === "string" ? content : (content ?? []).map(({ text }) => text).join("")

export const callsOf = ({ tool_calls: calls }: ChatMessage): WrittenCall[] =>
  (calls ?? []).map(({ function: { name, arguments: given } }) => ({
    toolName: name,
    input: typeof given === "string" ? given : JSON.stringify(given),
  }))

export const chatText = (messages: readonly ChatMessage[]): string =>
  linesText(
    messages.map((message) => ({
      role: message.role === "developer" ? "system" : message.role,
      text: contentText(message),
      calls: callsOf(message),
    })),
  )

/** A tool message of ours may hold several results; each is a message of its own elsewhere. */
export const messagesText = (prompt: Prompt): string =>
  linesText(
    joinTurns(prompt).flatMap((message): Line[] =>
      message.role === "tool"
        ? message.content.map(({ output }) => ({ role: "tool", text: output.value, calls: [] }))
        : [{ role: message.role, ...said(message) }],
    ),
  )

function said(message: Exclude<Message, { role: "tool" }>): Pick<Line, "text" | "calls"> {
  if (message.role !== "assistant") return { text: messageText(message), calls: [] }
  return {
    text: message.content.map((part) => (part.type === "text" ? part.text : "")).join(""),
    calls: message.content.flatMap((part) =>
      part.type === "tool-call" ? [{ toolName: part.toolName, input: JSON.stringify(part.input) }] : [],
    ),
  }
}

/** Templates take the blanks around a message off. */
const linesText = (lines: readonly Line[]): string =>
  canonicalJson(lines.map(({ role, text, calls }) => [role, text.trim(), calls.map(callText)]))

function callText({ toolName, input }: WrittenCall): readonly [string, unknown] {
  const value = parseJson(input)
  return [toolName, isObject(value) ? value : input]
}
