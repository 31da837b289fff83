/**
 * A model that reads its turns from a file: for tests, demonstrations and dry runs. Entries are tried in order; the first
 * whose `match` is in the conversation, and which has a reply for this step, answers. Nothing is random.
 */
import { readFile } from "node:fs/promises"
import { resolve } from "node:path"
import {
  type ContentPart,
  contentHash,
  errorMessage,
  type GenerateResult,
  type Host,
  type LanguageModel,
  type ModelProvider,
  messageText,
  type Prompt,
  SwirlError,
  schemaProblem,
} from "@swirl-ts/core"
import { parseJson } from "@swirl-ts/kit"
import { z } from "zod"

const ReplySchema = z.union([
  z.string(),
  z.strictObject({
    text: z.string().default(""),
    toolCalls: z.array(z.strictObject({ toolName: z.string(), input: z.unknown() })).default([]),
    finishReason: z.enum(["stop", "length", "error", "other"]).optional(),
  }),
])

const EntrySchema = z
  .strictObject({
    /** A substring of the conversation, or `/regular expression/flags`. Absent: always. */
    match: z.string().optional(),
    /** The turn at every step. */
    reply: ReplySchema.optional(),
    /** The turn at step 0, 1, …; past its end the next entries are tried. */
    replies: z.array(ReplySchema).optional(),
  })
  .refine((entry) => (entry.reply === undefined) !== (entry.replies === undefined), "give either reply or replies")
export type ScriptEntry = z.input<typeof EntrySchema>

export const scriptProvider: ModelProvider = {
  description: "turns read from a JSON or JSONL file: script:<file>",
  async open(reference, _options, host) {
    const { path, text } = await readScript(reference, host)
    return {
      model: scriptModel(parseScript(text, path), reference),
      identity: contentHash(text),
      identityIsDigest: true,
    }
  },
  async check(reference, host) {
    await readScript(reference, host)
  },
}

async function readScript(reference: string, { workingDirectory }: Host): Promise<{ path: string; text: string }> {
  if (reference === "") throw new SwirlError("script: needs a file, e.g. script:replies.jsonl.", { kind: "usage" })
  const path = resolve(workingDirectory, reference)
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    throw new SwirlError(`The script ${path} cannot be read: ${errorMessage(error)}`, { kind: "usage", cause: error })
  })
  return { path, text }
}

export function scriptModel(entries: readonly ScriptEntry[], name = "script"): LanguageModel {
  const checked = entries.map((entry) => EntrySchema.parse(entry))
  const patterns = checked.map((entry) => matcher(entry.match))
  return {
    specificationVersion: "v3",
    provider: "script",
    modelId: name,
    async doGenerate({ prompt, providerOptions, abortSignal }) {
      abortSignal?.throwIfAborted()
      const conversation = prompt.map(messageText).join("\n")
      // The runner tells the step; the worked examples of a prompt are model turns, too.
      const told = providerOptions?.swirl?.step
      const step = typeof told === "number" ? told : prompt.filter((message) => message.role === "assistant").length
      for (const [index, entry] of checked.entries()) {
        const reply = entry.reply ?? entry.replies?.[step]
        if (reply !== undefined && patterns[index]!(conversation)) return result(reply, step, prompt)
      }
      throw new SwirlError(
        `The script ${name} has no reply at step ${step} of the conversation that ends in ${JSON.stringify(conversation.slice(-200))}.`,
      )
    },
  }
}

/** A JSON array, one JSON entry, or JSONL: decided by content. An array of texts is one entry's `replies`. */
export function parseScript(text: string, path: string): ScriptEntry[] {
  const whole = parseJson(text)
  if (Array.isArray(whole) && whole.length > 0 && whole.every((reply) => typeof reply === "string")) {
    return [{ replies: whole }]
  }
  const rows: [where: string, value: unknown][] = Array.isArray(whole)
    ? whole.map((value, index) => [`entry ${index + 1}`, value])
    : whole !== undefined
      ? [["entry 1", whole]]
      : text
          .split("\n")
          .map((line, index): [string, string] => [`line ${index + 1}`, line])
          .filter(([, line]) => line.trim() !== "")
          .map(([where, line]) => [where, parseJson(line)])
  if (rows.length === 0) throw new SwirlError(`The script ${path} is empty.`, { kind: "usage" })
  return rows.map(([where, value]) => {
    const parsed = EntrySchema.safeParse(value)
    if (parsed.success) return parsed.data
    const what = value === undefined ? "it is not JSON" : schemaProblem(parsed.error.issues[0]!, value)
    throw new SwirlError(
      `${path}, ${where} is no script entry: ${what}. An entry is { "match"?: text, "reply": text } or { "match"?: text, "replies": [text, …] }.`,
      { kind: "usage" },
    )
  })
}

function matcher(match: string | undefined): (conversation: string) => boolean {
  if (match === undefined) return () => true
  const expression = /^\/(.+)\/([dimsuv]*)$/s.exec(match)
  if (!expression) return (conversation) => conversation.includes(match)
  try {
    const pattern = new RegExp(expression[1]!, expression[2])
    return (conversation) => pattern.test(conversation)
  } catch (error) {
    throw new SwirlError(`The script's match ${match} is no regular expression: ${errorMessage(error)}`, {
      kind: "usage",
    })
  }
}

function result(reply: z.infer<typeof ReplySchema>, step: number, prompt: Prompt): GenerateResult {
  const { text, toolCalls, finishReason } =
    typeof reply === "string" ? { text: reply, toolCalls: [], finishReason: undefined } : reply
  const content: ContentPart[] = text === "" ? [] : [{ type: "text", text }]
  for (const [index, { toolName, input }] of toolCalls.entries()) {
    content.push({
      type: "tool-call",
      toolCallId: `call-${step}-${index}`,
      toolName,
      input: typeof input === "string" ? input : JSON.stringify(input ?? {}),
    })
  }
  const raw = finishReason ?? (toolCalls.length > 0 ? "tool-calls" : "stop")
  return {
    content,
    finishReason: { unified: raw, raw },
    usage: { inputTokens: { total: words(prompt.map(messageText).join(" ")) }, outputTokens: { total: words(text) } },
  }
}

/** Tokens of a script are words. */
const words = (text: string): number => text.split(/\s+/).filter(Boolean).length
