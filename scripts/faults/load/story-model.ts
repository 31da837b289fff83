/**
 * The model behind the fault server: a turn is a function of conversation and seed alone, so that any two runs can be compared.
 * It reads the simpler stories of the sandbox's calc, calls the calculator once an event and answers with the last result that
 * came back; one in eight answers too early, so that scores are neither all nor nothing.
 */
import { contentHash } from "@swirl-ts/core"

interface ChatMessage {
  role: string
  content: string | null
}

export interface ChatRequest {
  messages: ChatMessage[]
  seed?: number
  tools?: { function: { name: string } }[]
}

/** A chat completion, by tool calls where the request offers tools, in tags otherwise. */
export function completion({ messages, seed = 0, tools }: ChatRequest): object {
  const question = messages.find(({ role }) => role === "user")?.content ?? ""
  const turns = messages.filter(({ role }) => role === "assistant").length
  const events = eventsOf(question)
  const draw = Number.parseInt(contentHash([messages.length, question, seed], 6), 16)
  const value = lastNumber(messages.at(-1)?.content ?? "")
  const event = events[turns]
  const isTooEarly = turns > 0 && draw % 8 === 0
  const message =
    event && !isTooEarly ? callOf(turns === 0 ? startOf(question) : value, event, tools?.[0]) : answerOf(value)
  const words = messages.reduce((sum, { content }) => sum + (content ?? "").length, 0)
  return {
    id: `chatcmpl-${contentHash([messages, seed], 12)}`,
    object: "chat.completion",
    created: 1_754_000_000,
    model: "story",
    choices: [{ index: 0, message, finish_reason: "tool_calls" in message ? "tool_calls" : "stop" }],
    // Small ones: the sandbox lets a trajectory have 316 tokens.
    usage: { prompt_tokens: Math.round(words / 16), completion_tokens: 8, total_tokens: Math.round(words / 16) + 8 },
  }
}

type Event = [operator: "+" | "-" | "*" | "/", count: string]

/** Of a story's sentences, those whose event can be read; three calls at most. */
function eventsOf(question: string): Event[] {
  const patterns: [RegExp, Event[0]][] = [
    [/(?:buys|finds) (\d+) more/, "+"],
    [/(?:gives away|loses) (\d+)/, "-"],
    [/grows to (\d+) times/, "*"],
    [/into (\d+) equal groups/, "/"],
  ]
  const events = question.split(" . ").flatMap((sentence) =>
    patterns.flatMap(([pattern, operator]): Event[] => {
      const count = pattern.exec(sentence)?.[1]
      return count === undefined ? [] : [[operator, count]]
    }),
  )
  return events.length > 0 ? events.slice(0, 3) : [["+", startOf(question)]]
}

const startOf = (question: string): string => /has (\d+)/.exec(question)?.[1] ?? "1"

const lastNumber = (text: string): string => text.match(/-?\d+(?:\.\d+)?/g)?.at(-1) ?? "0"

function callOf(left: string, [operator, right]: Event, tool: { function: { name: string } } | undefined): object {
  const expression = `${left} ${operator} ${right}`
  if (!tool) return { role: "assistant", content: ` next <math_exp> ${expression} </math_exp>` }
  const { name } = tool.function
  const id = contentHash(expression, 9)
  const call = { id, type: "function", function: { name, arguments: JSON.stringify({ expression }) } }
  return { role: "assistant", content: null, tool_calls: [call] }
}

const answerOf = (value: string): object => ({ role: "assistant", content: ` so <answer> ${value} </answer>` })
