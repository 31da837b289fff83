/**
 * How a model writes calls, found in its chat template: a call of known names is rendered, and what stands around them is the
 * syntax. Invariant: nothing is known of a model by its name.
 */
import { SwirlError } from "../errors.ts"
import type { ChatMessage } from "./chat-message.ts"
import { objectAround } from "./json-span.ts"

export interface CallSyntax {
  /** What stands before a call's JSON, e.g. `<tool_call>`; empty where the JSON stands alone. */
  opens: string
  /** What stands after it; empty where the turn ends there. */
  closes: string
  /** The JSON's field of the arguments. */
  argumentsField: string
  /** Templates that write arguments as they are given want them as JSON. */
  argumentsAreText: boolean
  /** Whether the template writes calls of earlier turns; otherwise they stand in the turn's text. */
  isWritten: boolean
}

type Render = (messages: readonly ChatMessage[]) => string

const name = "probe_function_7f3a9c"
const key = "probe_key"
const value = "probe_value_41d0be"
const id = "probe7f3a"
const said = "SENTINEL7f3a9c"
const question: ChatMessage = { role: "user", content: "question" }

/** `render` offers the tools. Throws a usage error where the template writes calls otherwise than as JSON. */
export function callSyntax(render: Render): CallSyntax {
  let refusal: unknown
  for (const argumentsAreText of [false, true]) {
    const given = argumentsAreText ? JSON.stringify({ [key]: value }) : { [key]: value }
    const call = { id, type: "function" as const, function: { name, arguments: given } }
    try {
      const found = writtenSyntax(render, { role: "assistant", content: "", tool_calls: [call] })
      if (found === "none") return toldSyntax(render([question]))
      if (found) return { ...found, argumentsAreText, isWritten: true }
    } catch (error) {
      refusal = error
    }
  }
  throw new SwirlError(`The model's chat template writes tool calls in a way that is not read here. ${useTags}`, {
    kind: "usage",
    cause: refusal,
  })
}

export const useTags = "Use the action format tags."

/** `none`: the template leaves calls out. Undefined: no JSON has both names. */
function writtenSyntax(
  render: Render,
  turn: ChatMessage,
): Pick<CallSyntax, "opens" | "closes" | "argumentsField"> | "none" | undefined {
  const text = render([question, turn])
  const place = text.lastIndexOf(name)
  if (place < 0) return "none"
  const object = objectAround(text, place)
  const fields = Object.entries((object?.value.function ?? object?.value ?? {}) as Record<string, unknown>)
  const argumentsField = fields.find(([, each]) => JSON.stringify(each ?? "").includes(value))?.[0]
  if (!object || argumentsField === undefined) return undefined
  const [before = "", after = ""] = render([question, { role: "assistant", content: said }]).split(said)
  const opens = text.slice(shared(before, text), object.start).trim()
  const rest = text.slice(object.end)
  const closes = rest.endsWith(after) ? rest.slice(0, rest.length - after.length).trim() : ""
  return opens.endsWith("[")
    ? { opens: opens.slice(0, -1).trim(), closes: closes.replace(/^\]\s*/, ""), argumentsField }
    : { opens, closes, argumentsField }
}

/** What stands around calls where a template tells of tools between such marks. */
export const marks = [
  { told: "<tool_call>", opens: "<tool_call>", closes: "</tool_call>" },
  { told: "<|tool_call|>", opens: "<|tool_call|>", closes: "<|/tool_call|>" },
  { told: "<|tool|>", opens: "<|tool_call|>", closes: "<|/tool_call|>" },
  { told: "[TOOL_CALLS]", opens: "[TOOL_CALLS]", closes: "" },
]

/** What a template that writes no calls tells the model of them. */
function toldSyntax(text: string): CallSyntax {
  const { opens, closes } = marks.find(({ told }) => text.includes(told)) ?? { opens: "", closes: "" }
  const argumentsField = /"name"\s*:[^{}]*"parameters"\s*:\s*[^{\s]/.test(text) ? "parameters" : "arguments"
  return { opens, closes, argumentsField, argumentsAreText: false, isWritten: false }
}

/** A call as the model writes it, for templates that write none. */
export const writtenCall = ({ opens, closes, argumentsField }: CallSyntax, called: string, given: unknown): string =>
  [opens, `{"name": ${JSON.stringify(called)}, ${JSON.stringify(argumentsField)}: ${JSON.stringify(given)}}`, closes]
    .filter((part) => part !== "")
    .join("\n")

/** What the template writes after a turn whose last call has `mark` in its arguments; undefined where that is not found. */
export function afterCall(text: string, mark: string, { closes }: CallSyntax): string | undefined {
  const object = objectAround(text, text.lastIndexOf(mark))
  if (!object) return undefined
  const rest = text.slice(object.end)
  const end = closes === "" ? (/^\s*\]/.exec(rest)?.[0].length ?? 0) : rest.indexOf(closes) + closes.length
  return /^[\s\]]*$/.test(rest.slice(0, Math.max(0, end - closes.length))) ? rest.slice(end) : undefined
}

function shared(a: string, b: string): number {
  let length = 0
  while (length < a.length && a[length] === b[length]) length++
  return length
}
