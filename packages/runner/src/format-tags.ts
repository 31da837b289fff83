/**
 * The paper's format: free text, then exactly one `<tag>…</tag>`, a call or the answer; its result is the next user
 * turn, `query -> result`. Strict on purpose: whatever is not exactly that is malformed, with a reason in words.
 */
import { type Action, type ActionFormat, assistantMessage, nearest, userMessage } from "@swirl-ts/core"
import { answerTag, cutOff } from "./action-text.ts"

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
    if (content === "") return malformed(`<${open.name}> is empty`)
    if (open.name === answerTag) return { kind: "answer", answer: content }
    const tool = tools.find((candidate) => candidate.tag.name === open.name)!
    return { kind: "tool", tool: tool.name, input: { [tool.tag.argument]: content }, query: content }
  },
  write: (action, tools) => {
    const name = action.kind === "answer" ? answerTag : tools.find((tool) => tool.name === action.tool)?.tag.name
    if (!name) throw new RangeError(`there is no tool "${(action as { tool: string }).tool}" to write a call of`)
    return { text: `<${name}>${action.kind === "answer" ? action.answer : action.query}</${name}>`, toolCalls: [] }
  },
  turn: ({ text }) => assistantMessage(text),
  reply: (action, observation) => [
    userMessage(action.kind === "tool" ? `${action.query} -> ${observation.text}` : observation.text),
  ],
  describe: (tools) =>
    [
      ...tools.map(
        ({ name, description, tag }) =>
          `To call ${name}, write <${tag.name}>${tag.argument}</${tag.name}>. ${description}`,
      ),
      `To answer, write <${answerTag}>your answer</${answerTag}>.`,
    ].join("\n"),
}

function scanTags(text: string): Tag[] {
  return [...text.matchAll(/<(\/?)\s*([A-Za-z][\w.-]*)([^<>]*)>/g)].map((match) => ({
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
