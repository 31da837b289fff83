/**
 * A user's own wording of the first prompt, as text with placeholders: `Question: {{question}}`. Invariant: what is put in
 * is never read as a template again, and a template that names something unknown, or would not ask the question, is refused
 * with its line. Parts are headed as `swirl show` prints them: `[system]`, `[user]`; without a heading all is the user's.
 */
import type { PromptContext } from "../contracts/benchmark.ts"
import { SwirlError } from "../errors.ts"
import { contentHash } from "../hash.ts"
import { suggestion } from "../suggest.ts"
import { sampleAnswer, sampleCalls } from "./sample-actions.ts"

/** What a template can put in, and what it is. */
export const promptPlaceholders = {
  question: "the question",
  answer_hint: "what form the answer has to have, in the benchmark's words; empty where it has none",
  tools: "how to call each tool and how to answer, in the action format's words",
  tool_names: "the names of the tools: calculator, search",
  call: "how calls are written: <math_exp>expression</math_exp>; empty where calls are no text",
  answer: "how an answer is written: <answer>your answer</answer>",
  tool_calls: "the most tool calls",
  prompt: "what stands there without a template, the question in it",
} as const

export type PromptPlaceholder = keyof typeof promptPlaceholders

type Piece = string | { placeholder: PromptPlaceholder }

export interface PromptTemplate {
  /** Its file, for messages and records. */
  source: string
  /** As it is in the file, line ends aside. */
  text: string
  /** Of the text: the same wording is the same template, whatever its file is called. */
  digest: string
  /** Empty: there is no system turn, the benchmark's own neither. */
  system?: readonly Piece[]
  user: readonly Piece[]
  /** The line with the question in it, by which the later ones of worked examples are asked. */
  questionLine?: readonly Piece[]
}

const placeholderNames = Object.keys(promptPlaceholders) as PromptPlaceholder[]
const allOfThem = placeholderNames.map((name) => `{{${name}}}`).join(", ")

/** Throws a usage error that names the source and the line. */
export function parsePromptTemplate(given: string, source: string): PromptTemplate {
  const text = given.replace(/\r\n?/g, "\n").replace(/\n+$/, "")
  const lines = text.split("\n")
  if (text.trim() === "")
    throw usage(`The prompt template ${source} is empty. It has to hold {{question}}; it may use ${allOfThem}.`)
  const { system, user } = partsOf(lines, source)
  const asked = user.lines.map((line, index) => piecesOf(line, source, user.start + index))
  const names = asked.flat().flatMap((piece) => (typeof piece === "string" ? [] : piece.placeholder))
  if (!names.some((name) => name === "question" || name === "prompt"))
    throw usage(
      `The prompt template ${source} has no placeholder {{question}}: lines ${user.start} to ${user.start + user.lines.length - 1} do not hold it, so the model would not see what it is asked. A template may use ${allOfThem}.`,
    )
  return {
    source,
    text,
    digest: contentHash(text),
    system: system && joined(system.lines.map((line, index) => piecesOf(line, source, system.start + index))),
    user: joined(asked),
    questionLine: asked.find((line) =>
      line.some((piece) => typeof piece !== "string" && piece.placeholder === "question"),
    ),
  }
}

interface Part {
  lines: readonly string[]
  /** Number of its first line, from 1. */
  start: number
}

function partsOf(lines: readonly string[], source: string): { system?: Part; user: Part } {
  const parts = new Map<string, Part>()
  const headings = lines.flatMap((line, index) => {
    const role = /^\[(system|user|assistant|tool)\]\s*$/.exec(line)?.[1]
    return role === undefined ? [] : [{ role, index }]
  })
  const [first] = headings
  if (!first) return { user: trimmed(lines, 1) }
  const early = lines.slice(0, first.index).findIndex((line) => line.trim() !== "")
  if (early >= 0)
    throw usage(
      `The prompt template ${source}, line ${early + 1}: text stands before [${first.role}]. Put it below a heading, [system] or [user].`,
    )
  for (const [place, { role, index }] of headings.entries()) {
    const where = `The prompt template ${source}, line ${index + 1}`
    if (role !== "system" && role !== "user")
      throw usage(
        `${where}: a template has the parts [system] and [user], no [${role}]. Worked examples become turns by --shots.`,
      )
    if (parts.has(role)) throw usage(`${where}: there are two parts [${role}]; make them one.`)
    parts.set(role, trimmed(lines.slice(index + 1, headings[place + 1]?.index), index + 2))
  }
  const user = parts.get("user")
  if (!user) throw usage(`The prompt template ${source} has no part [user]. Add one that holds {{question}}.`)
  return { system: parts.get("system"), user }
}

/** Without blank lines around it. */
function trimmed(lines: readonly string[], start: number): Part {
  const isText = (line: string): boolean => line.trim() !== ""
  const from = Math.max(0, lines.findIndex(isText))
  return { lines: lines.slice(from, lines.findLastIndex(isText) + 1), start: start + from }
}

/** `\{{` stands for the text `{{`. */
function piecesOf(line: string, source: string, number: number): Piece[] {
  const pieces: Piece[] = []
  let from = 0
  for (const { 0: whole, 1: name, index } of line.matchAll(/\\\{\{|\{\{(.*?)\}\}|\{\{/g)) {
    pieces.push(line.slice(from, index))
    from = index + whole.length
    if (whole.startsWith("\\")) pieces.push("{{")
    else pieces.push({ placeholder: placeholderNamed(name?.trim(), `The prompt template ${source}, line ${number}`) })
  }
  return [...pieces, line.slice(from)].filter((piece) => piece !== "")
}

function placeholderNamed(name: string | undefined, where: string): PromptPlaceholder {
  const literal = "For the text itself write \\{{."
  if (name === undefined) throw usage(`${where}: a placeholder is opened by {{ and not closed by }}. ${literal}`)
  const known = placeholderNames.find((each) => each === name)
  if (known) return known
  throw usage(
    `${where}: there is no placeholder {{${name}}}.${suggestion(name, placeholderNames)} There is ${allOfThem}. ${literal}`,
  )
}

const joined = (lines: readonly (readonly Piece[])[]): Piece[] =>
  lines.flatMap((line, index) => (index === 0 ? line : ["\n", ...line]))

const usage = (message: string): SwirlError => new SwirlError(message, { kind: "usage" })

/** What is asked: of the benchmark, and of where it stands in the prompt without a template. */
export interface WordedQuestion {
  question: string
  answerHint: string
  /** The wording without a template. */
  prompt(): string
}

/** The text of a part. */
export function templateText(
  pieces: readonly Piece[],
  { question, answerHint, prompt }: WordedQuestion,
  { format, tools, limits }: PromptContext,
): string {
  const values: Record<PromptPlaceholder, () => string> = {
    question: () => question,
    answer_hint: () => answerHint,
    tools: () => format.describe(tools),
    tool_names: () => tools.map(({ name }) => name).join(", "),
    call: () => sampleCalls(format, tools),
    answer: () => sampleAnswer(format, tools),
    tool_calls: () => String(limits.toolCalls),
    prompt,
  }
  return pieces.map((piece) => (typeof piece === "string" ? piece : values[piece.placeholder]())).join("")
}
