/**
 * Messages of the AI SDK (npm `ai`): model messages, as `generateText` takes and returns them, and UI messages, as chats store
 * them. A list of messages is a conversation, a list of such lists or of `{ messages }` are many; also a line each.
 */
import type { Losses } from "@swirl-ts/core"
import { isObject, parseJson } from "@swirl-ts/kit"
import { badFile } from "./bad-file.ts"
import { readContent } from "./content.ts"
import type { ForeignConversation, ForeignMessage, Importer } from "./conversation.ts"
import { type Fields, fieldsOf, idOf, numberOf, objectsOf, textOf } from "./fields.ts"
import { functionTools } from "./function-tools.ts"
import { jsonValues, type PlacedValue } from "./json-file.ts"
import { countLoss } from "./losses.ts"
import { otherTool } from "./openai-chat.ts"

export const aiSdk: Importer = {
  name: "ai-sdk",
  description: "messages of the AI SDK (npm ai): model messages and UI messages, JSON or JSON Lines",
  endings: [".json", ".jsonl", ".jsonl.gz", ".ndjson"],
  async open(file) {
    return {
      producer: { tool: "ai" },
      async *conversations() {
        const isList = (list: unknown[]): boolean => !list.some((each) => "role" in fieldsOf(each))
        for await (const placed of jsonValues(file, isList)) yield conversation(file, placed)
      },
    }
  },
}

const advice = 'A conversation is a list of messages { "role", "content" or "parts" }, or { "messages": […] }.'

function conversation(file: string, { value, line }: PlacedValue): ForeignConversation {
  const row: unknown = Array.isArray(value) ? { messages: value as unknown[] } : value
  const id = idOf(fieldsOf(row).id)
  const refuse = (problem: string) => badFile({ file, line, id }, problem, advice)
  if (!isObject(row)) throw refuse("is no object and no list")
  const given = row.messages ?? row.prompt
  if (!Array.isArray(given)) {
    const other = otherTool(row)
    throw refuse(other === undefined ? 'has no "messages"' : `has no "messages": it looks like ${other}`)
  }
  const lost: Losses = {}
  // What `generateText` returns has the answers apart from what was asked.
  const result = isObject(row.result) ? row.result : row
  const answers = objectsOf(fieldsOf(result.response).messages)
  const messages = [...given, ...answers].flatMap((message: unknown, index) => {
    if (!isObject(message)) throw refuse(`has a message that is no object, number ${index + 1}`)
    if ("tool_calls" in message || "tool_call_id" in message)
      throw refuse(`is in OpenAI's form, as message ${index + 1} shows (--format openai-chat)`)
    return Array.isArray(message.parts) ? uiMessage(message, lost) : modelMessage(message, lost)
  })
  const last = messages.findLast((message) => message.role === "assistant")
  if (last && textOf(row.finishReason ?? result.finishReason) === "length") last.isCut = true
  const system = textOf(row.system) ?? textOf(row.instructions)
  const usage = fieldsOf(row.totalUsage ?? result.totalUsage ?? row.usage ?? result.usage)
  const [input, output] = [
    count(usage.inputTokens ?? usage.promptTokens),
    count(usage.outputTokens ?? usage.completionTokens),
  ]
  return {
    place: { line },
    id,
    model: modelOf(row) ?? textOf(fieldsOf(result.response).modelId),
    temperature: numberOf(row.temperature),
    seed: numberOf(row.seed),
    tools: functionTools(Array.isArray(row.tools) ? row.tools : named(row.tools)),
    messages: system === undefined ? messages : [{ role: "system", text: system }, ...messages],
    scores: [],
    usage:
      input === undefined && output === undefined ? undefined : { inputTokens: input ?? 0, outputTokens: output ?? 0 },
    license: textOf(row.license),
    lost,
  }
}

const modelOf = ({ model, modelId }: Fields): string | undefined =>
  textOf(model) ?? textOf(modelId) ?? textOf(fieldsOf(model).modelId)

/** A number (version 5 and before), or `{ total }`. */
const count = (value: unknown): number | undefined => numberOf(value) ?? numberOf(fieldsOf(value).total)

/** Tools by name, as the SDK takes them. */
const named = (tools: unknown): Fields[] =>
  Object.entries(fieldsOf(tools)).map(([name, tool]) => ({ name, ...fieldsOf(tool) }))

function modelMessage(message: Fields, lost: Losses): ForeignMessage[] {
  const { role, content } = message
  if (role === "system" || role === "user") return [{ role, text: readContent(content, lost, "").text }]
  if (role === "tool") return objectsOf(content).flatMap((part) => resultPart(part, lost))
  if (role !== "assistant") {
    countLoss(lost, `messages of the role ${JSON.stringify(role)}`)
    return []
  }
  return assistantParts(typeof content === "string" ? [{ type: "text", text: content }] : objectsOf(content), lost)
}

/** Results that the provider itself made stand in the model's own message, behind their calls. */
function assistantParts(parts: readonly Fields[], lost: Losses): (ForeignMessage & { isCut?: boolean })[] {
  const isCall = ({ type }: Fields): boolean => type === "tool-call"
  const isResult = ({ type }: Fields): boolean => type === "tool-result" || type === "tool-error"
  const rest = parts.filter(
    (part) => !isCall(part) && !isResult(part) && !String(part.type).startsWith("tool-approval"),
  )
  countLoss(lost, "approvals of calls", parts.filter(({ type }) => String(type).startsWith("tool-approval")).length)
  const { text, thoughts } = readContent(rest, lost, "")
  const calls = parts.filter(isCall).map((part) => ({
    id: idOf(part.toolCallId),
    name: textOf(part.toolName) ?? "",
    input: inputOf(part.input ?? part.args),
  }))
  return [
    { role: "assistant", text, thoughts, calls },
    ...parts.filter(isResult).flatMap((part) => resultPart(part, lost)),
  ]
}

/** Of a call that could not be read the SDK keeps the text. */
const inputOf = (input: unknown): unknown => (typeof input === "string" ? (parseJson(input) ?? input) : (input ?? {}))

function resultPart(part: Fields, lost: Losses): ForeignMessage[] {
  if (part.type === "tool-approval-response") {
    countLoss(lost, "approvals of calls")
    return []
  }
  const output = isObject(part.output) ? part.output : { type: "json", value: part.output ?? part.result ?? part.error }
  const type = textOf(output.type) ?? "json"
  const isError = type.startsWith("error") || part.isError === true || part.type === "tool-error"
  const denied = textOf(output.reason) ?? "the call was denied"
  const text = type === "execution-denied" ? denied : valueText(output.value, lost)
  const isDenied = type === "execution-denied"
  return [
    {
      role: "tool",
      callId: idOf(part.toolCallId),
      name: textOf(part.toolName),
      text,
      isError: isError || isDenied,
    },
  ]
}

function valueText(value: unknown, lost: Losses): string {
  if (typeof value === "string") return value
  const isContent =
    Array.isArray(value) && value.length > 0 && objectsOf(value).every((part) => typeof part.type === "string")
  return isContent ? readContent(value, lost).text : (JSON.stringify(value) ?? "")
}

/** The steps of a UI message are turns of the model; a call and its result are one part. */
function uiMessage(message: Fields, lost: Losses): ForeignMessage[] {
  const parts = objectsOf(message.parts)
  const { role } = message
  if (role === "system" || role === "user") return [{ role, text: readContent(parts.filter(isSaid), lost, "").text }]
  if (role !== "assistant") {
    countLoss(lost, `messages of the role ${JSON.stringify(role)}`)
    return []
  }
  const turns: Fields[][] = [[]]
  for (const part of parts) {
    const hasSaid = turns.at(-1)!.length > 0
    if (part.type === "step-start") {
      if (hasSaid) turns.push([])
    } else turns.at(-1)!.push(part)
  }
  return turns.filter((turn) => turn.length > 0).flatMap((turn) => uiTurn(turn, lost))
}

const isSaid = ({ type }: Fields): boolean => !String(type).startsWith("data-")
const isUiCall = ({ type }: Fields): boolean => type === "dynamic-tool" || String(type).startsWith("tool-")

function uiTurn(parts: readonly Fields[], lost: Losses): ForeignMessage[] {
  const calls = parts.filter(isUiCall)
  const skipped = parts.filter(({ type }) => /^(source|data)-/.test(String(type)))
  countLoss(lost, "sources and data parts", skipped.length)
  const said = parts.filter((part) => !isUiCall(part) && !skipped.includes(part))
  const { text, thoughts } = readContent(said, lost, "")
  const nameOf = (part: Fields): string => textOf(part.toolName) ?? String(part.type).replace(/^tool-/, "")
  const results = calls.flatMap((part): ForeignMessage[] => {
    const isError = part.state === "output-error" || part.state === "output-denied"
    if (part.state !== "output-available" && !isError) return []
    const value = isError ? (part.errorText ?? "the call was denied") : part.output
    return [{ role: "tool", callId: idOf(part.toolCallId), name: nameOf(part), text: valueText(value, lost), isError }]
  })
  return [
    {
      role: "assistant",
      text,
      thoughts,
      calls: calls.map((part) => ({
        id: idOf(part.toolCallId),
        name: nameOf(part),
        input: inputOf(part.input ?? part.rawInput),
      })),
    },
    ...results,
  ]
}
