/**
 * The calls in what a model wrote, by the syntax of its template. Invariant: what looks like a call is one or has a problem in
 * words; it is never silently text.
 */
import type { ReadTurn } from "../contracts/conversation-tokens.ts"
import { separateThought } from "../contracts/thoughts.ts"
import type { CallSyntax } from "./call-syntax.ts"
import { isChatCallId } from "./chat-message.ts"
import { jsonEnd } from "./json-span.ts"

type Call = ReadTurn["toolCalls"][number]

/** Throws inside, so that the first problem ends the reading. */
class Problem extends Error {}

/** Undefined where nothing is called. A turn with a problem has all of its text and no calls. */
export function readCalls(written: string, syntax: CallSyntax): ReadTurn | undefined {
  const { text: said } = separateThought(written)
  const thought = written.endsWith(said) ? written.slice(0, written.length - said.length) : ""
  try {
    const found = callsIn(said, syntax)
    return found && { text: (thought + found.text).trimEnd(), toolCalls: found.calls }
  } catch (error) {
    if (error instanceof Problem) return { text: written, toolCalls: [], callProblem: error.message }
    throw error
  }
}

/** A call that stands alone, where one is expected between marks or nowhere else. */
const bare =
  /(?:^|\n)[ \t]*(?:```\w*\s*)?(?:<\|python_tag\|>)?\s*(?=\[?\s*\{+\s*"(?:name|function)"\s*:|\{\s*"type"\s*:\s*"function")/

function callsIn(text: string, syntax: CallSyntax): { text: string; calls: Call[] } | undefined {
  const { opens, closes } = syntax
  const first = opens === "" ? bareCall(text) : text.indexOf(opens)
  if (first === undefined || first < 0) {
    if (opens === "") return undefined
    if (closes !== "" && text.includes(closes)) throw new Problem(`${closes} closes a call that was never opened`)
    if (bare.test(text)) throw new Problem(`a call stands outside of ${opens}${closes === "" ? "" : ` and ${closes}`}`)
    return undefined
  }
  const calls: Call[] = []
  let at = first
  let said = text.slice(0, first).replace(/<\|python_tag\|>\s*$/, "")
  while (at >= 0) {
    const start = skip(text, opens === "" ? at : at + opens.length)
    const { values, end } = jsonAt(text, start, opens)
    for (const each of values) calls.push(callOf(each, syntax))
    const after = skip(text, end)
    if (!text.startsWith(closes, after)) throw new Problem(`the call is not closed by ${closes}`)
    const rest = skip(text, after + closes.length)
    const next = opens === "" ? nextBare(text, rest) : text.indexOf(opens, rest)
    const between = text.slice(rest, next < 0 ? undefined : next)
    if (next < 0 && between !== "") throw new Problem("text after the call")
    // Between calls that need no mark stands what separates them.
    if (opens !== "") said += between
    at = next
  }
  if (calls.length === 0) throw new Problem("the list of calls is empty")
  return { text: said, calls }
}

/** Where a call that needs no mark begins. */
function bareCall(text: string): number | undefined {
  const tag = text.indexOf("<|python_tag|>")
  if (tag >= 0) return skip(text, tag + "<|python_tag|>".length)
  const found = bare.exec(text)
  return found ? found.index + found[0].length : undefined
}

const nextBare = (text: string, at: number): number => (/^[;,]?\s*\{/.test(text.slice(at)) ? text.indexOf("{", at) : -1)

const skip = (text: string, at: number): number => at + /^\s*/.exec(text.slice(at))![0].length

/** One call or a list of them. */
function jsonAt(text: string, start: number, opens: string): { values: unknown[]; end: number } {
  const where = opens === "" ? "the call" : `what stands after ${opens}`
  if (text[start] !== "{" && text[start] !== "[") throw new Problem(`${where} is no JSON object`)
  const end = jsonEnd(text, start)
  if (end === undefined) throw new Problem(`${where} is JSON that does not end`)
  try {
    const written = text.slice(start, end)
    // Some templates tell of calls with their braces doubled, and so they are written.
    const value: unknown = JSON.parse(/^\{\{[\s\S]*\}\}$/.test(written) ? written.slice(1, -1) : written)
    return { values: Array.isArray(value) ? value : [value], end }
  } catch {
    throw new Problem(`${where} is no valid JSON`)
  }
}

function callOf(value: unknown, { argumentsField }: CallSyntax): Call {
  const outer = fieldsOf(value)
  const inner = fieldsOf(outer?.function) ?? outer
  const toolName = inner?.name
  if (!inner || typeof toolName !== "string" || toolName === "") throw new Problem("the call has no name")
  const given = inner[argumentsField] ?? inner.arguments ?? inner.parameters
  if (given === undefined) throw new Problem(`the call of ${toolName} has no "${argumentsField}"`)
  const input = typeof given === "string" ? given : JSON.stringify(given)
  const id = outer?.id
  return { toolCallId: typeof id === "string" && isChatCallId(id) ? id : "", toolName, input }
}

const fieldsOf = (value: unknown): Record<string, unknown> | undefined =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined
