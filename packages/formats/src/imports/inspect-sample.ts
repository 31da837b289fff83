/** One sample of an Inspect log as a conversation. */
import type { ForeignScore, FunctionTool, Losses } from "@swirl-ts/core"
import { isObject } from "@swirl-ts/kit"
import { readContent } from "./content.ts"
import type { ForeignConversation, ForeignMessage } from "./conversation.ts"
import { type Fields, fieldsOf, idOf, listOf, numberOf, objectsOf, textOf, textsOf } from "./fields.ts"
import { distinctTools, functionTools } from "./function-tools.ts"
import { countLoss } from "./losses.ts"
import { recordedEnd, recordedTurn } from "./swirl-export.ts"

/** What samples have in common. */
export interface InspectRun {
  /** Tells the same sample of two runs apart, in logs that have no uuid for it. */
  runId: string
  task: string
  model: string
  temperature?: number
  seed?: number
  /** Of an export of swirl. */
  isOurs: boolean
  tools: readonly FunctionTool[]
}

export function inspectConversation(
  given: Fields,
  { place, ...run }: InspectRun & Pick<ForeignConversation, "place">,
): ForeignConversation {
  const lost: Losses = {}
  const sample = withAttachments(given)
  const events = objectsOf(sample.events).filter(({ event }) => event === "model")
  const limit = fieldsOf(sample.limit)
  const limitName = textOf(limit.type)
  const error = textOf(fieldsOf(sample.error).message)
  const retries = listOf(sample.error_retries).length
  const epoch = Math.max(0, (numberOf(sample.epoch) ?? 1) - 1)
  const id = idOf(sample.id) ?? "0"
  const input = typeof sample.input === "string" ? sample.input : lastUserText(sample.input)
  countLosses(sample, run, events, lost)
  return {
    place,
    id: idOf(sample.uuid) ?? JSON.stringify([run.runId, id, epoch]),
    questions: run.task,
    taskId: id,
    epoch,
    question: input,
    references: textsOf(sample.target).filter((target) => target !== ""),
    model: run.model,
    temperature: run.temperature,
    seed: run.seed,
    tools: distinctTools([...run.tools, ...offeredTools(events)]),
    messages: messagesOf(sample, { events, isOurs: run.isOurs, lost }),
    limit: limitName === undefined ? undefined : { name: limitName, isOfTokens: /token|context|cost/.test(limitName) },
    error,
    retries: retries > 0 ? retries : undefined,
    ...(run.isOurs ? recordedEnd(fieldsOf(sample.metadata)) : {}),
    scores: scoresOf(sample.scores),
    usage: usageOf(sample.model_usage),
    lost,
  }
}

/** Long texts and images stand once in a sample and are referred to. */
function withAttachments(sample: Fields): Fields {
  const attachments = fieldsOf(sample.attachments)
  if (Object.keys(attachments).length === 0) return sample
  const resolved = (value: unknown): unknown => {
    if (typeof value === "string") {
      const [, name] = /^attachment:\/\/(\w+)$/.exec(value) ?? []
      return name === undefined ? value : (textOf(attachments[name]) ?? value)
    }
    if (Array.isArray(value)) return value.map(resolved)
    if (!isObject(value)) return value
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, resolved(each)]))
  }
  const { messages, input, target, scores, output } = sample
  return { ...sample, ...(resolved({ messages, input, target, scores, output }) as Fields) }
}

function lastUserText(input: unknown): string | undefined {
  const asked = objectsOf(input).findLast(({ role }) => role === "user")
  return asked && readContent(asked.content, {}).text
}

function messagesOf(
  sample: Fields,
  { events, isOurs, lost }: { events: readonly Fields[]; isOurs: boolean; lost: Losses },
): ForeignMessage[] {
  const cut = cutMessages(sample, events)
  const messages: ForeignMessage[] = []
  let hasSpoken = false
  for (const message of objectsOf(sample.messages)) {
    const { role } = message
    const { text, thoughts } = readContent(message.content, lost)
    if (role === "system") messages.push({ role, text })
    else if (role === "user") messages.push({ role, text, isReply: hasSpoken && message.source !== "input" })
    else if (role === "tool")
      messages.push({
        role,
        callId: idOf(message.tool_call_id),
        name: textOf(message.function),
        text: text === "" ? (textOf(fieldsOf(message.error).message) ?? "") : text,
        isError: isObject(message.error),
      })
    else if (role === "assistant") {
      const isGiven = message.source === "input" || message.source === "operator"
      hasSpoken ||= !isGiven
      messages.push({
        role,
        text,
        thoughts,
        calls: objectsOf(message.tool_calls).map((call) => ({
          id: idOf(call.id),
          name: textOf(call.function) ?? "",
          input: typeof call.parse_error === "string" ? unreadInput(call) : (call.arguments ?? {}),
        })),
        isGiven,
        model: textOf(message.model),
        isCut: cut.has(idOf(message.id) ?? ""),
        recorded: isOurs
          ? recordedTurn({ answer: fieldsOf(sample.metadata).answer, ...fieldsOf(message.metadata) })
          : undefined,
      })
    } else countLoss(lost, `messages of the role ${JSON.stringify(role)}`)
  }
  return messages
}

/** Arguments that Inspect could not read: what the model wrote, so that they are not read here either. */
const unreadInput = (call: Fields): string => {
  const given = call.arguments
  return typeof given === "string" ? given : `${JSON.stringify(given)} (${String(call.parse_error)})`
}

/** Ids of messages that the token limit ended. */
function cutMessages(sample: Fields, events: readonly Fields[]): Set<string> {
  const outputs = [...events.map(({ output }) => output), sample.output]
  const choices = outputs.flatMap((output) => objectsOf(fieldsOf(output).choices))
  const ended = choices.filter(({ stop_reason: reason }) => reason === "max_tokens" || reason === "model_length")
  return new Set(ended.flatMap(({ message }) => idOf(fieldsOf(message).id) ?? []))
}

/** Of every event, since an agent's tools may change on the way; scorers' own models are offered none. */
const offeredTools = (events: readonly Fields[]): FunctionTool[] =>
  distinctTools(events.flatMap(({ tools }) => functionTools(tools)))

/** Inspect's own numbers for its letters: correct, incorrect, partial, no answer. */
const letters: Readonly<Record<string, number>> = { C: 1, I: 0, P: 0.5, N: 0 }

function scoresOf(scores: unknown): ForeignScore[] {
  return Object.entries(fieldsOf(scores)).flatMap(([scorer, given]) => {
    const { value, answer, explanation } = fieldsOf(given)
    const more = { answer: textOf(answer), explanation: textOf(explanation) }
    const parts = isObject(value) ? Object.entries(value) : Array.isArray(value) ? [...value.entries()] : undefined
    if (!parts) return [{ scorer, value, number: numberOfScore(value), ...more }]
    return parts.map(([name, part]) => ({ scorer: `${scorer}/${name}`, value: part, number: numberOfScore(part) }))
  })
}

function numberOfScore(value: unknown): number | undefined {
  if (typeof value === "boolean") return value ? 1 : 0
  if (typeof value !== "string") return numberOf(value)
  const letter = letters[value]
  const word = { yes: 1, true: 1, no: 0, false: 0 }[value.toLowerCase()]
  return letter ?? word ?? (value.trim() === "" ? undefined : numberOf(Number(value)))
}

/** Of every model that took part. */
function usageOf(usage: unknown): ForeignConversation["usage"] {
  const each = Object.values(fieldsOf(usage)).map(fieldsOf)
  if (each.length === 0) return undefined
  const sum = (name: string): number => each.reduce((total, of) => total + (numberOf(of[name]) ?? 0), 0)
  return {
    inputTokens: sum("input_tokens") + sum("input_tokens_cache_read") + sum("input_tokens_cache_write"),
    outputTokens: sum("output_tokens"),
  }
}

function countLosses(sample: Fields, run: InspectRun, events: readonly Fields[], lost: Losses): void {
  const own = run.model.slice(run.model.indexOf("/") + 1)
  const others = new Set(
    events.flatMap(({ model }) => (textOf(model) === run.model || textOf(model) === own ? [] : [textOf(model)])),
  )
  if (others.size > 0) countLoss(lost, "samples in which other models than the evaluated one were asked, too")
  countLoss(lost, "tries that failed before (their messages)", listOf(sample.error_retries).length)
  if (Object.keys(fieldsOf(sample.store)).length > 0) countLoss(lost, "samples with a store")
  if (listOf(sample.files).length > 0 || isObject(sample.sandbox)) countLoss(lost, "samples with files or a sandbox")
}
