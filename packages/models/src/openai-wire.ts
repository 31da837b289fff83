/**
 * The wire format of `/chat/completions`, out and in: what a strict server takes, and what a lean one leaves out. What came
 * with a turn or a call and belongs to its provider alone goes back with it, as it came.
 */
import type { ContentPart, GenerateOptions, GenerateResult, Message, ProviderFields } from "@swirl-ts/core"
import { isObject } from "@swirl-ts/kit"
import { z } from "zod"

/** Whose fields these are, in `providerOptions` and `providerMetadata`. */
const provider = "openai"

const ToolCallSchema = z.looseObject({
  id: z.string().nullish(),
  function: z.looseObject({
    name: z.string(),
    arguments: z.union([z.string(), z.record(z.string(), z.unknown())]).nullish(),
  }),
})

const ChunkSchema = z.looseObject({ type: z.string().nullish(), text: z.string().nullish() })
const ContentSchema = z.union([z.string(), z.array(ChunkSchema)]).nullish()

const ChoiceSchema = z.looseObject({
  message: z.looseObject({
    content: ContentSchema,
    reasoning_content: z.string().nullish(),
    reasoning: z.string().nullish(),
    reasoning_details: z.array(z.unknown()).nullish(),
    tool_calls: z.array(ToolCallSchema).nullish(),
  }),
  finish_reason: z.string().nullish(),
})

export const CompletionSchema = z.object({
  choices: z.array(ChoiceSchema).min(1),
  usage: z.object({ prompt_tokens: z.number().nullish(), completion_tokens: z.number().nullish() }).nullish(),
})

/** `maxTokensField`: OpenAI's own server wants `max_completion_tokens`, nearly every other one `max_tokens`. */
export function requestBody(
  modelId: string,
  options: GenerateOptions,
  maxTokensField: string,
): Record<string, unknown> {
  const { maxOutputTokens, temperature, topP, topK, seed, stopSequences, tools = [], toolChoice } = options
  const body: Record<string, unknown> = {
    model: modelId,
    messages: options.prompt.flatMap(wireMessages),
    [maxTokensField]: maxOutputTokens,
    temperature,
    top_p: topP,
    top_k: topK,
    // Servers written in other languages read a signed 32-bit number.
    seed: seed === undefined ? undefined : seed % 2 ** 31,
    stop: stopSequences?.length ? stopSequences : undefined,
  }
  if (tools.length > 0) {
    body.tools = tools.map(({ name, description, inputSchema }) => ({
      type: "function",
      function: { name, description, parameters: inputSchema },
    }))
    body.tool_choice = toolChoice?.type
    body.parallel_tool_calls = options.providerOptions?.[provider]?.parallelToolCalls
  }
  return body
}

function wireMessages(message: Message): Record<string, unknown>[] {
  if (message.role === "system") return [{ role: "system", content: message.content }]
  if (message.role === "user") return [{ role: "user", content: message.content.map((part) => part.text).join("") }]
  if (message.role === "tool") {
    return message.content.map((part) => ({ role: "tool", tool_call_id: part.toolCallId, content: part.output.value }))
  }
  const text = message.content.map((part) => (part.type === "text" ? part.text : "")).join("")
  const calls = message.content.flatMap((part) => {
    if (part.type !== "tool-call") return []
    const { function: ofFunction, ...ofCall } = own(part.providerOptions)
    const called = { name: part.toolName, arguments: JSON.stringify(part.input ?? {}) }
    const fields = isObject(ofFunction) ? ofFunction : {}
    return [{ ...ofCall, id: part.toolCallId, type: "function", function: { ...fields, ...called } }]
  })
  const turn: Record<string, unknown> = { role: "assistant", content: text === "" && calls.length > 0 ? null : text }
  for (const part of message.content) {
    if (part.type === "text") Object.assign(turn, own(part.providerOptions))
    // A thought is wanted back with the call that it led to; with what was said long ago, no template shows it.
    if (part.type === "reasoning" && calls.length > 0) {
      const { chunks } = own(part.providerOptions)
      if (Array.isArray(chunks)) turn.content = [...chunks, ...(text === "" ? [] : [{ type: "text", text }])]
      Object.assign(turn, wireReasoning(part.text, part.providerOptions))
    }
  }
  return [calls.length > 0 ? { ...turn, tool_calls: calls } : turn]
}

const own = (fields: ProviderFields | undefined): Record<string, unknown> => fields?.[provider] ?? {}

/** Under the name that it came by. */
function wireReasoning(text: string, fields: ProviderFields | undefined): Record<string, unknown> {
  const { field, details } = own(fields)
  return {
    ...(typeof field === "string" ? { [field]: text } : {}),
    ...(details === undefined ? {} : { reasoning_details: details }),
  }
}

const finishReasons: Record<string, string> = {
  stop: "stop",
  eos: "stop",
  tool_calls: "tool-calls",
  function_call: "tool-calls",
  content_filter: "content-filter",
}

/** A turn that was cut off, by the limit that was asked for or by the end of the context: `length`, `MAX_TOKENS`, `model_length` … */
const cutOffReason = /length|max.*tokens|context_window/i

/** What a server says that lost its model on the way: `error`, `abort`, `network_error`, `cancelled`, `insufficient_system_resource` … */
const failedReason = /error|abort|cancel|fail|timeout|timed_out|network|overload|unavailable|insufficient_system/i

export type Choice = z.infer<typeof ChoiceSchema>

/** The failure that a choice carries, in words; undefined where it is a turn. What was said up to it is no turn. */
export function failureOf({ finish_reason: reason, error }: Choice): { what: string; code?: number } | undefined {
  if (isObject(error) || (typeof error === "string" && error !== "")) {
    const code = isObject(error) ? Number(error.code) : Number.NaN
    return { what: "answered with a turn that failed", ...(code >= 400 && code < 600 ? { code } : {}) }
  }
  return reason && failedReason.test(reason) ? { what: `answered with a turn that failed (${reason})` } : undefined
}

export function readCompletion({ choices, usage }: z.infer<typeof CompletionSchema>): GenerateResult {
  const { message, finish_reason: raw } = choices[0]!
  return {
    content: [...reasoningParts(message), ...textParts(message), ...callParts(message)],
    finishReason: { unified: unifiedReason(raw ?? ""), raw: raw ?? undefined },
    usage: {
      inputTokens: { total: usage?.prompt_tokens ?? undefined },
      outputTokens: { total: usage?.completion_tokens ?? undefined },
    },
  }
}

const unifiedReason = (raw: string): string => (cutOffReason.test(raw) ? "length" : (finishReasons[raw] ?? "other"))

function reasoningParts(message: Choice["message"]): ContentPart[] {
  const field = message.reasoning_content ? "reasoning_content" : message.reasoning ? "reasoning" : undefined
  const details = message.reasoning_details?.length ? message.reasoning_details : undefined
  if (field || details) {
    const fields = { ...(field ? { field } : {}), ...(details ? { details } : {}) }
    return [{ type: "reasoning", text: (field && message[field]) || "", providerMetadata: { [provider]: fields } }]
  }
  const { content } = message
  const chunks = Array.isArray(content) ? content.filter((chunk) => !isSaid(chunk)) : []
  if (chunks.length === 0) return []
  const text = chunks.map(({ thinking, summary, text }) => chunkText(thinking ?? summary ?? text)).join("")
  return [{ type: "reasoning", text, providerMetadata: { [provider]: { chunks } } }]
}

/** Chunks of any other type are thoughts: of Mistral's models, and of Anthropic's behind a gateway, with their signature. */
const isSaid = ({ type, text }: z.infer<typeof ChunkSchema>): boolean =>
  type ? type === "text" || type === "output_text" : typeof text === "string"

/** A text, or a list of chunks of text. */
function chunkText(value: unknown): string {
  if (typeof value === "string") return value
  return Array.isArray(value) ? value.map((each) => (isObject(each) ? chunkText(each.text) : "")).join("") : ""
}

function textParts(message: Choice["message"]): ContentPart[] {
  const { role: _, content, reasoning_content, reasoning, reasoning_details, tool_calls, ...others } = message
  const { refusal, annotations, audio, function_call, ...rest } = others
  const text = Array.isArray(content)
    ? content.map((chunk) => (isSaid(chunk) ? (chunk.text ?? "") : "")).join("")
    : (content ?? "")
  const extra = given(rest)
  return text === "" && !hasFields(extra) ? [] : [{ type: "text", text, ...metadata(extra) }]
}

/** Ids that a server leaves out stay empty: only who knows the conversation can invent one. */
function callParts({ tool_calls: calls }: Choice["message"]): ContentPart[] {
  return (calls ?? []).map((call) => {
    const { id, type: _type, index: _index, function: called, ...ofCall } = call
    const { name, arguments: input, ...ofFunction } = called
    const inner = given(ofFunction)
    const extra = { ...given(ofCall), ...(hasFields(inner) ? { function: inner } : {}) }
    return {
      type: "tool-call",
      toolCallId: id ?? "",
      toolName: name,
      input: typeof input === "string" ? input : input ? JSON.stringify(input) : "",
      ...metadata(extra),
    }
  })
}

const hasFields = (fields: object): boolean => Object.keys(fields).length > 0

const metadata = (fields: Record<string, unknown>): { providerMetadata?: object } =>
  hasFields(fields) ? { providerMetadata: { [provider]: fields } } : {}

/** Fields that say something. */
const given = (fields: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== null && value !== undefined && !isEmptyList(value)),
  )

const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0
