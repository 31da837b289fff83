/**
 * Conversations as OpenAI's chat messages, a line each: rows of fine-tuning files, `{ messages, tools }`, and logged calls, whose
 * answer stands in `choices` or in `response`. Also older rows with `function_call`.
 */
import { basename } from "node:path"
import type { FunctionTool, Losses } from "@swirl-ts/core"
import { isObject, parseJson } from "@swirl-ts/kit"
import { badFile } from "./bad-file.ts"
import { readContent } from "./content.ts"
import type { ForeignCall, ForeignConversation, ForeignMessage, Importer } from "./conversation.ts"
import { type Fields, fieldsOf, idOf, numberOf, objectsOf, textOf } from "./fields.ts"
import { functionTools } from "./function-tools.ts"
import { jsonValues, type PlacedValue } from "./json-file.ts"
import { countLoss } from "./losses.ts"

export const openaiChat: Importer = {
  name: "openai-chat",
  description: "chat messages of OpenAI and compatible servers, JSON Lines",
  endings: [".jsonl", ".jsonl.gz", ".ndjson", ".json"],
  async open(file) {
    return {
      producer: { tool: "openai-chat" },
      async *conversations() {
        const isList = (list: unknown[]): boolean => !list.some((each) => "role" in fieldsOf(each))
        for await (const placed of jsonValues(file, isList)) yield conversation(file, placed)
      },
    }
  },
}

const advice = 'Every line is an object { "messages": [{ "role", "content" }, …], "tools"? }.'

function conversation(file: string, { value, line }: PlacedValue): ForeignConversation {
  const row = Array.isArray(value) ? { messages: value as unknown[] } : value
  const id = idOf(fieldsOf(row).id) ?? idOf(fieldsOf(row).custom_id)
  const refuse = (problem: string) => badFile({ file, line, id }, problem, advice)
  if (!isObject(row)) throw refuse("is no object")
  // A logged call has what was asked and what came back side by side.
  const request = isObject(row.request) ? row.request : isObject(row.body) ? row.body : row
  const response = isObject(row.response) ? (isObject(row.response.body) ? row.response.body : row.response) : row
  const asked = request.messages
  if (!Array.isArray(asked)) {
    const other = otherTool(row)
    throw refuse(other === undefined ? 'has no "messages"' : `has no "messages": it looks like ${other}`)
  }
  const { action_format: written, prompt_messages: before } = fieldsOf(row.metadata)
  if (typeof written === "string" && written !== "native")
    throw badFile(
      { file, line, id },
      `is a conversation of swirl in its action format ${written}, whose calls stand in the texts`,
      "Export the run as inspect or atif, which keep the calls: swirl export --format inspect.",
    )
  const lost: Losses = {}
  const [choice, ...others] = objectsOf(response.choices)
  countLoss(lost, "further choices of a call", others.length)
  const said =
    choice && isObject(choice.message) ? [{ ...choice.message, isCut: choice.finish_reason === "length" }] : []
  const messages = [...asked, ...said].map((message, index) => {
    if (isObject(message)) return readMessage(message, lost)
    throw refuse(`has a message that is no object, number ${index + 1}`)
  })
  // Turns of worked examples, in an export of swirl.
  const given = Number(before ?? 0)
  const usage = fieldsOf(response.usage)
  return {
    place: { line },
    id,
    model: textOf(response.model) ?? textOf(request.model),
    temperature: numberOf(request.temperature),
    seed: numberOf(request.seed),
    tools: [...functionTools(request.tools), ...functionTools(request.functions)] satisfies FunctionTool[],
    messages: messages.flat().map((message, index) => (index < given ? { ...message, isGiven: true } : message)),
    scores: [],
    usage: isObject(response.usage)
      ? { inputTokens: numberOf(usage.prompt_tokens) ?? 0, outputTokens: numberOf(usage.completion_tokens) ?? 0 }
      : undefined,
    license: textOf(row.license),
    lost,
  }
}

function readMessage(message: Fields, lost: Losses): ForeignMessage[] {
  const { role } = message
  const { text, thoughts } = readContent(message.content, lost)
  if (role === "system" || role === "developer") return [{ role: "system", text }]
  if (role === "user") return [{ role, text }]
  if (role === "tool" || role === "function") {
    const callId = idOf(message.tool_call_id)
    return [{ role: "tool", callId, name: textOf(message.name), text, isError: message.is_error === true }]
  }
  if (role !== "assistant") {
    countLoss(lost, `messages of the role ${JSON.stringify(role)}`)
    return []
  }
  if (isObject(message.audio)) countLoss(lost, "audio of the model")
  if (message.logprobs !== undefined) countLoss(lost, "log-probabilities")
  const own = [message.reasoning_content, message.reasoning].flatMap((each) => textOf(each) ?? [])
  const refusal = textOf(message.refusal)
  return [
    {
      role,
      text: text === "" && refusal !== undefined ? refusal : text,
      thoughts: [...own.slice(0, 1), ...thoughts],
      calls: [...objectsOf(message.tool_calls), ...objectsOf([message.function_call])].map(readCall),
      isCut: message.isCut === true,
    },
  ]
}

/** A call of a tool, or the older one of a function; arguments that are no JSON stay the text that the model wrote. */
function readCall(call: Fields): ForeignCall {
  const called = isObject(call.function) ? call.function : isObject(call.custom) ? call.custom : call
  const given = called.arguments ?? called.input
  const input = typeof given === "string" ? (parseJson(given) ?? given) : (given ?? {})
  return { id: idOf(call.id), name: textOf(called.name) ?? "", input }
}

/** What a row is known to be that is none of these. */
export function otherTool(row: Fields): string | undefined {
  if (isObject(row.eval) && "samples" in row) return "a log of Inspect (--format inspect)"
  if (typeof row.schema_version === "string" && row.schema_version.startsWith("ATIF"))
    return "a trajectory of Harbor (--format atif)"
  if (Array.isArray(row.traces) || Array.isArray(row.nodes)) return "traces of verifiers (--format verifiers)"
  if (typeof row.schema === "string" && row.schema.startsWith("swirl."))
    return "a record of swirl, which needs no import"
  if (Array.isArray(row.prompt) && Array.isArray(row.completion))
    return "results of verifiers before 0.2 or a row of TRL"
  return undefined
}

export const fileTitle = (file: string): string => basename(file).replace(/(\.(jsonl|ndjson|json|eval|gz))+$/, "")
