/**
 * The paper's format: free text, then exactly one `<tag>…</tag>`, a call or the answer; its result is the next user
 * turn, `query -> result`. In a call's tag stands what core's `readToolInput` reads: a text as it is where that is the
 * tool's only field, a number or another word by the schema, else a JSON object. Strict on purpose: whatever is not
 * exactly that is malformed, with a reason in words.
 */
import {
  type Action,
  type ActionFormat,
  assistantMessage,
  canonicalJson,
  type NamedTool,
  nearest,
  readToolInput,
  toolInputTexts,
  userMessage,
} from "@swirl-ts/core"
import { isObject } from "@swirl-ts/kit"
import { answerTag, cutOff } from "./action-text.ts"
import { callDescription } from "./call-description.ts"

interface Tag {
  name: string
  closing: boolean
  /** Written exactly as it should be: no blanks, no attributes. */
  exact: boolean
  start: number
  end: number
}

export const tags: ActionFormat = {
  name: "tags",
  description: "the paper's: free text, then one call or the answer in a tag of its own",
  requestTools: () => [],
  parse({ text, toolCalls, finishReason }, tools) {
    if (finishReason === "length") return malformed(cutOff)
    if (toolCalls.length > 0) return malformed("a native tool call, but this format uses tags")
    const known = new Set([answerTag, ...tools.map((tool) => tool.tag.name)])
    const found = scanTags(text).filter((tag) => known.has(tag.name) || looksLikeTool(tag.name, known))
    const stray = found.find((tag) => !tag.exact || !known.has(tag.name))
    if (stray) return malformed(`unknown tag ${text.slice(stray.start, stray.end)}`)
    const [open, close, ...others] = found
    if (!open) return malformed("neither a call nor an answer")
    if (open.closing) return malformed(`</${open.name}> closes a tag that was never opened`)
    if (!close) return malformed(`<${open.name}> is not closed`)
    if (!close.closing) return malformed(`<${close.name}> stands inside <${open.name}>`)
    if (close.name !== open.name) return malformed(`<${open.name}> is closed by </${close.name}>`)
    if (others.length > 0) return malformed(severalActions(open.name, others))
    if (text.slice(close.end).trim() !== "") return malformed(`text after </${close.name}>`)
    const content = text.slice(open.end, close.start).trim()
    if (open.name === answerTag) {
      return content === "" ? malformed(`<${answerTag}> is empty`) : { kind: "answer", answer: content }
    }
    const tool = tools.find((candidate) => candidate.tag.name === open.name)!
    const read = readToolInput(tool, content)
    if ("problem" in read) return malformed(`<${open.name}> ${read.problem}`)
    return { kind: "tool", tool: tool.name, input: read.input, query: content }
  },
  write: (action, tools) => ({
    text: action.kind === "answer" ? writeAnswer(action.answer, tools) : writeCall(action, tools),
    toolCalls: [],
  }),
  turn: ({ text }) => assistantMessage(text),
  reply: (action, observation) => [
    // A call without a word is named by its tool.
    userMessage(action.kind === "tool" ? `${action.query || action.tool} -> ${observation.text}` : observation.text),
  ],
  describe: (tools) =>
    [...tools.map(callDescription), `To answer, write <${answerTag}>your answer</${answerTag}>.`].join("\n"),
}

function writeAnswer(answer: string, tools: readonly NamedTool[]): string {
  const text = `<${answerTag}>${answer}</${answerTag}>`
  const read = readBack(text, tools)
  if (read.kind === "answer") return text
  throw new RangeError(`the answer ${JSON.stringify(answer)} cannot be written: ${refusal(read)}`)
}

/** The first of the ways to write it that is read as it was meant. */
function writeCall({ tool: name, input }: Extract<Action, { kind: "tool" }>, tools: readonly NamedTool[]): string {
  const tool = tools.find((candidate) => candidate.name === name)
  if (!tool) throw new RangeError(`there is no tool "${name}" to write a call of`)
  if (!isObject(input)) throw new RangeError(`the input of ${name} is no object, so no call of it can be written`)
  const contents = toolInputTexts(tool, input)
  // In JSON a tag's bracket can be written so that it is none.
  const texts = [...contents, contents.at(-1)?.replaceAll("<", "\\u003c") ?? ""].map(
    (content) => `<${tool.tag.name}>${content}</${tool.tag.name}>`,
  )
  const reads = texts.map((text) => readBack(text, tools))
  const found = reads.findIndex((read) => read.kind === "tool" && canonicalJson(read.input) === canonicalJson(input))
  if (found >= 0) return texts[found]!
  throw new RangeError(`a call of ${name} with ${canonicalJson(input)} cannot be written: ${refusal(reads[0]!)}`)
}

const readBack = (text: string, tools: readonly NamedTool[]): Action =>
  tags.parse({ text, toolCalls: [], finishReason: "stop" }, tools)

const refusal = (read: Action): string =>
  read.kind === "malformed"
    ? read.reason
    : `it would be read as ${canonicalJson(read.kind === "tool" ? read.input : read)}`

/** A name is taken whole, so that a long one without an end is looked at once. */
function scanTags(text: string): Tag[] {
  return [...text.matchAll(/<(\/?)\s*([A-Za-z][\w.-]*)(?![\w.-])([^<>]*)>/g)].map((match) => ({
    name: match[2]!,
    closing: match[1] === "/",
    exact: match[0] === `<${match[1]}${match[2]}>`,
    start: match.index,
    end: match.index + match[0].length,
  }))
}

/** `<serch_query>`, `<search>`, `<tool_call>` are attempts at a call; `<think>` and `<b>` are just text. */
function looksLikeTool(name: string, known: ReadonlySet<string>): boolean {
  if (name.includes("_") || /^(tool|function|call)$/i.test(name)) return true
  const words = new Set([...known].flatMap((tag) => tag.split("_")))
  return words.has(name.toLowerCase()) || nearest(name, known) !== undefined
}

function severalActions(first: string, others: readonly Tag[]): string {
  const next = others[0]!
  if (next.closing) return `</${next.name}> closes a tag that was never opened`
  if (first === answerTag && next.name === answerTag) return "two answers"
  return first === answerTag || next.name === answerTag ? "both a call and an answer" : "two calls"
}

const malformed = (reason: string): Action => ({ kind: "malformed", reason })
