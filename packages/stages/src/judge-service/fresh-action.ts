/**
 * A fresh action as a trainer sends it, read as a training here reads one: thoughts off, cut at the format's stops, parsed by
 * the format. What ends a turn in a model's own marks is no part of it.
 */
import {
  type Action,
  type ActionFormat,
  cutAtStop,
  type NamedTool,
  readWrittenCalls,
  type ServedVerdict,
  separateThought,
} from "@swirl-ts/core"
import { type ChatMessage, callsOf, contentText, type WrittenCall } from "./chat-text.ts"

/** One turn: its text, or one message of the assistant. */
export interface Completion {
  turn: string | ChatMessage
  /** It ended at the token limit. */
  truncated?: boolean
}

export interface FreshAction {
  text: string
  toolCalls: readonly WrittenCall[]
  action: Action
  kind: ServedVerdict["kind"]
}

export function readFreshAction(
  { turn, truncated = false }: Completion,
  { format, tools }: { format: ActionFormat; tools: readonly NamedTool[] },
): FreshAction {
  const { text: whole, toolCalls, callProblem } = readTurn(turn, format.requestTools(tools).length > 0)
  const stops = format.stops?.(tools) ?? []
  const text = cutAtStop(whole, stops) ?? whole
  const finishReason = truncated ? "length" : "stop"
  const calls = toolCalls.map((call, index) => ({ toolCallId: `call-${index}`, ...call }))
  const action = format.parse({ text, toolCalls: calls, callProblem, finishReason }, tools)
  return { text, toolCalls, action, kind: truncated ? "cut-off" : action.kind }
}

/** `callsTools`: the format leaves calls to the model's own syntax, which may stand in the text. */
function readTurn(turn: string | ChatMessage, callsTools: boolean) {
  const given = typeof turn === "string" ? [] : callsOf(turn)
  const text = withoutEndMarks(typeof turn === "string" ? turn : contentText(turn))
  const read = callsTools && given.length === 0 ? readWrittenCalls(text) : { text, toolCalls: given }
  return {
    text: separateThought(read.text).text,
    toolCalls: read.toolCalls.map(({ toolName, input }) => ({ toolName, input })),
    callProblem: "callProblem" in read ? read.callProblem : undefined,
  }
}

/** Of the families that are trained here and in the engines that ask. */
const endMarks =
  "<|im_end|> <|endoftext|> <|eot_id|> <|eom_id|> <|end_of_text|> <|end|> <|return|> <end_of_turn> <turn|> <eos> </s> <end> <|pad|> <pad>".split(
    " ",
  )

/** Trainers that decode with special tokens leave the one that ended the turn at its end. */
export function withoutEndMarks(text: string): string {
  for (let left = text; ; ) {
    const trimmed = left.trimEnd()
    const mark = endMarks.find((each) => trimmed.endsWith(each))
    if (mark === undefined) return left
    left = trimmed.slice(0, -mark.length)
  }
}

/**
 * The action of a query that is prompt and action in one text. Tokenizers may write blanks otherwise when they decode a
 * prompt, so these are not compared. Undefined where the query does not begin with the prompt.
 */
export function afterPrompt(query: string, prompt: string): string | undefined {
  if (query.startsWith(prompt)) return query.slice(prompt.length)
  const isBlank = (text: string, at: number): boolean => /\s/.test(text[at] ?? "")
  let at = 0
  for (let each = 0; each < prompt.length; each++) {
    if (isBlank(prompt, each)) continue
    while (isBlank(query, at)) at++
    if (query[at] !== prompt[each]) return undefined
    at++
  }
  return query.slice(at)
}
