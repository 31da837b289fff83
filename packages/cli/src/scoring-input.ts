/** What is scored, from one of `--ids`, `--text` and `--messages`; a file of messages as chat APIs write them. */
import { readFile } from "node:fs/promises"
import { resolve } from "node:path"
import { errorMessage, type Host, type Message, MessageSchema, type ScoringInput, SwirlError } from "@swirl-ts/core"
import { parseJson } from "@swirl-ts/kit"
import { z } from "zod"

const WrittenSchema = z.strictObject({
  role: z.enum(["system", "user", "assistant", "tool"]),
  content: z.string(),
})
const MessagesSchema = z.array(z.union([WrittenSchema.transform(messageOf), MessageSchema])).min(1)

export async function readScoringInput(
  { ids, text, messages }: { ids?: number[]; text?: string; messages?: string },
  { workingDirectory }: Pick<Host, "workingDirectory">,
): Promise<ScoringInput> {
  if ([ids, text, messages].filter((given) => given !== undefined).length !== 1)
    throw new SwirlError("Say what is scored by one of --ids, --text and --messages.", { kind: "usage" })
  if (ids) return { tokenIds: ids }
  if (text !== undefined) return { text }
  return { prompt: await readMessages(resolve(workingDirectory, messages!)) }
}

async function readMessages(file: string): Promise<Message[]> {
  const refuse = (what: string, cause?: unknown): never => {
    throw new SwirlError(`${file} ${what}`, { kind: "usage", cause })
  }
  const text = await readFile(file, "utf8").catch((error) => refuse(`cannot be read: ${errorMessage(error)}`, error))
  const value = parseJson(text) ?? refuse("is no valid JSON.")
  const read = MessagesSchema.safeParse(value)
  if (read.success) return read.data
  const at = read.error.issues[0]!.path[0]
  return refuse(
    `is no list of messages${typeof at === "number" ? `: message ${at + 1} is none` : ""}. One is {"role": "system", "user", "assistant" or "tool", "content": "…"}.`,
  )
}

function messageOf({ role, content }: z.output<typeof WrittenSchema>): Message {
  if (role === "system") return { role, content }
  if (role === "tool") {
    const output = { type: "text" as const, value: content }
    return { role, content: [{ type: "tool-result", toolCallId: "", toolName: "", output }] }
  }
  return { role, content: [{ type: "text", text: content }] }
}
