/**
 * What stands in a conversation before an action: the question's numbers, names and relations, what earlier calls used,
 * and what they returned. Read from the prompt and the steps only.
 */
import { isSameName, type JudgeInput, type JudgeStep, promptQuestion, type SeenResult } from "@swirl-ts/core"
import { type Operand, readExpression } from "./expression.ts"
import { decimals, sameNumber, soleNumber, type WrittenNumber, writtenNumbers } from "./numbers.ts"
import type { GroundedSettings } from "./options.ts"
import type { Rules } from "./own-rules.ts"
import { contentWords, nameWords, normalisedQuery, stem, wordsOf } from "./words.ts"

/** `own`: by the tool's own rule. `other`: by none. */
export type ToolKind = NamedKind | "own"
type NamedKind = "calculator" | "search" | "other"

/** What a call returned; a call that failed or found nothing has no result. */
export interface Result {
  /** What it is read as. */
  kind: "calculator" | "search"
  text: string
  /** Calculator: its number. Search, closed vocabulary: the new name or number of the passage. */
  value: string
  number?: number
}

export interface Evidence {
  question: string
  /** Numbers of the question. */
  numbers: WrittenNumber[]
  /** Words or relations a query can take from the question. */
  relations: Set<string>
  /** Known names: of the question and of results. */
  names: Set<string>
  /** Numbers of results. */
  resultNumbers: number[]
  results: Result[]
  /** Normalised call -> index of the step that made it first. */
  calls: Map<string, number>
  /** Operands of earlier calculator calls. */
  usedOperands: Operand[]
  /** Words of earlier search queries. */
  usedWords: Set<string>
  calculated: boolean
  /** Results of every tool, for tools' own rules. */
  seen: SeenResult[]
  /** Tools that returned what no rule says how to read. */
  unread: Set<string>
  /** The last result is one of those. */
  lastUnread: boolean
}

/** What the settings say a tool is. */
export function toolKind(tool: string, settings: GroundedSettings): NamedKind {
  const is = (names: readonly string[]) => names.some((name) => isSameName(name, tool))
  return is(settings.calculators) ? "calculator" : is(settings.searches) ? "search" : "other"
}

/** The question itself: what follows the last line that starts with "Question:", or the whole user turn that asks it. */
export function questionOf(input: Pick<JudgeInput, "prompt">): string {
  const text = promptQuestion(input.prompt)
  const marked = [...text.matchAll(/^[ \t]*question:[ \t]*/gim)].at(-1)
  return marked ? text.slice(marked.index + marked[0].length) : text
}

/** Key under which a call counts as made before. */
export function callKey(tool: string, query: string, kind: ToolKind): string {
  return `${kind === "other" ? tool : kind} ${normalisedQuery(query, kind === "calculator")}`
}

export function readEvidence(input: JudgeInput, settings: GroundedSettings, rules: Rules): Evidence {
  const question = questionOf(input)
  const closed = settings.vocabulary === "closed"
  const evidence: Evidence = {
    question,
    numbers: writtenNumbers(question, { words: !closed }),
    relations: new Set(closed ? closedRelations(question, settings) : contentWords(question)),
    names: new Set(closed ? closedNames(question, settings) : nameWords(question)),
    resultNumbers: [],
    results: [],
    calls: new Map(),
    usedOperands: [],
    usedWords: new Set(),
    calculated: false,
    seen: [],
    unread: new Set(),
    lastUnread: false,
  }
  for (const [index, step] of input.conversation.entries()) {
    if (step.action.kind !== "tool") continue
    const { tool, query } = step.action
    const kind = rules.has(tool) ? "own" : toolKind(tool, settings)
    const key = callKey(tool, query, kind)
    if (!evidence.calls.has(key)) evidence.calls.set(key, index)
    addCall(evidence, query, kind, settings)
    addResult(evidence, step, kind, settings)
  }
  return evidence
}

/** What a call uses of the question and of earlier results. */
function addCall(evidence: Evidence, query: string, kind: ToolKind, settings: GroundedSettings): void {
  if (kind === "calculator") {
    const expression = readExpression(query)
    if (!("operands" in expression)) return
    evidence.usedOperands.push(...expression.operands)
    evidence.calculated = true
    return
  }
  const words = settings.vocabulary === "closed" ? wordsOf(query) : contentWords(query)
  for (const word of words) evidence.usedWords.add(word)
  if (kind === "own") evidence.usedOperands.push(...writtenNumbers(query).map(writtenOperand))
}

function addResult(evidence: Evidence, step: JudgeStep, kind: ToolKind, settings: GroundedSettings): void {
  const { action, observation } = step
  if (action.kind !== "tool" || !observation || observation.isError || observation.nothingFound) return
  const { tool, input, query } = action
  const text = withoutQuery(observation.text, query)
  evidence.seen.push({ tool, input, text })
  if (kind === "other") {
    evidence.unread.add(tool)
    evidence.lastUnread = true
    return
  }
  const asNumber = kind === "search" ? undefined : calculatorResult(text, settings)
  const result = asNumber ?? (kind === "calculator" ? undefined : searchResult(text, query, settings))
  if (!result) return
  evidence.results.push(result)
  evidence.lastUnread = false
  if (result.number !== undefined) evidence.resultNumbers.push(result.number)
  if (kind === "own") evidence.calculated = true
  if (asNumber) return
  if (settings.vocabulary === "closed") {
    evidence.names.add(result.value)
    return
  }
  for (const word of nameWords(text)) evidence.names.add(word)
  evidence.resultNumbers.push(...writtenNumbers(text, { words: true }).flatMap((number) => number.forms))
}

const writtenOperand = ({ text, forms }: WrittenNumber): Operand => ({
  text,
  value: Math.abs(forms[0]!),
  decimals: decimals(text),
  percent: false,
})

/** An observation may repeat the call: `12 + 5 -> 17`. */
function withoutQuery(text: string, query: string): string {
  const prefix = `${query.trim()} -> `
  return text.trimStart().startsWith(prefix) ? text.trimStart().slice(prefix.length) : text
}

function calculatorResult(text: string, settings: GroundedSettings): Result | undefined {
  const number = soleNumber(text)?.value
  if (number === undefined || (settings.countsOnly && !(Number.isInteger(number) && number >= 0))) return undefined
  return { kind: "calculator", text, value: String(number), number }
}

function searchResult(text: string, query: string, settings: GroundedSettings): Result | undefined {
  if (settings.vocabulary === "open") {
    return text.trim() ? { kind: "search", text, value: text.trim() } : undefined
  }
  const asked = new Set(wordsOf(query))
  const value = closedNames(text, settings, true).findLast((word) => !asked.has(word) || /^\d+$/.test(word))
  if (value === undefined) return undefined
  return { kind: "search", text, value, ...(/^\d+$/.test(value) ? { number: Number(value) } : {}) }
}

function closedNames(text: string, settings: GroundedSettings, numbers = false): string[] {
  const none = new Set([...settings.functionWords, ...settings.relations, ...Object.keys(settings.implied)])
  return wordsOf(text).filter((word) => (/^\d/.test(word) ? numbers : !none.has(word)))
}

function closedRelations(question: string, settings: GroundedSettings): string[] {
  const implied = new Map(Object.entries(settings.implied))
  return wordsOf(question).flatMap((word) => (settings.relations.includes(word) ? [word] : (implied.get(word) ?? [])))
}

/** Whether an operand occurs in the question, in a result, or needs no source. */
export function isSeen(operand: Operand, evidence: Evidence, settings: GroundedSettings): boolean {
  const known = [
    ...evidence.numbers.flatMap((number) => number.forms),
    ...evidence.resultNumbers.map(Math.abs),
    ...settings.constants,
  ]
  return valuesOf(operand).some((value) => known.some((other) => sameNumber(value, other, operand.decimals)))
}

/** Numbers of the question that no call has used yet, by the setting `repeatedNumbers`. */
export function unusedNumbers(evidence: Evidence, { repeatedNumbers }: GroundedSettings): WrittenNumber[] {
  const left = [...evidence.usedOperands]
  const credited = new Set<number>()
  return evidence.numbers.filter((number) => {
    if (number.word) return false
    const at = left.findIndex((operand) =>
      valuesOf(operand).some((value) => number.forms.some((form) => sameNumber(value, form, operand.decimals))),
    )
    if (at < 0 || (repeatedNumbers === "first" && credited.has(number.forms[0]!))) return true
    if (repeatedNumbers === "each") left.splice(at, 1)
    credited.add(number.forms[0]!)
    return false
  })
}

function valuesOf(operand: Operand): number[] {
  return operand.percent ? [operand.value / 100, operand.value] : [operand.value]
}

/** Relations of the question that no search has asked for yet (closed vocabulary). */
export function unusedRelations(evidence: Evidence): string[] {
  return [...evidence.relations].filter((relation) => !evidence.usedWords.has(relation))
}

/** Query words as the evidence spells them. */
export function queryWords(query: string, settings: GroundedSettings): string[] {
  return settings.vocabulary === "closed" ? wordsOf(query) : wordsOf(query).map(stem)
}
