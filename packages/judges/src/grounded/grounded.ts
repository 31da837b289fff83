/**
 * The rule judge: is this action grounded in what stands in the conversation? It sees prompt, conversation and action,
 * knows no reference answer and runs no tool, so it cannot tell a right operation from a wrong one on the right numbers:
 * on sandbox calculations it passes more than a quarter of the bad steps (docs/packages/judges.md).
 */
import type { Action, Judge, JudgedTool, JudgeInput, JudgeVerdict } from "@swirl-ts/core"
import { contentHash } from "@swirl-ts/core"
import { withNoise } from "../noise.ts"
import { answerProblem } from "./answer.ts"
import { callKey, type Evidence, isSeen, queryWords, readEvidence, toolKind } from "./evidence.ts"
import { readExpression } from "./expression.ts"
import { type GroundedOptions, type GroundedSettings, readGrounded } from "./options.ts"
import { ownVerdict, type Rules, rulesOf } from "./own-rules.ts"
import { wordsOf } from "./words.ts"

/** Goes up with every change of rule that changes a verdict; part of the judge's identity. */
const RULES = 1
/** The same where a benchmark has other tools than calculators and searches. */
const RULES_OF_OTHER_TOOLS = 2

/** `tools`: the benchmark's, for their own rules. */
export function grounded(options: GroundedOptions, tools: readonly JudgedTool[] = []): Judge {
  const { benchmark, seed, noise, settings } = readGrounded("grounded", options)
  const rules = rulesOf(tools)
  const isPlain = tools.every(({ name }) => !rules.has(name) && toolKind(name, settings) !== "other")
  const own = [...rules.values()].map(({ identity }) => identity).sort()
  const identity = [
    `judges/grounded/${isPlain ? RULES : RULES_OF_OTHER_TOOLS} ${benchmark} ${contentHash(settings, 8)}`,
    ...(own.length > 0 ? [`rules=${contentHash(own, 8)}`] : []),
  ].join(" ")
  const judge: Judge = { identity, judge: (input) => groundedVerdict(input, settings, rules) }
  return noise === 0 ? judge : withNoise(judge, noise, seed)
}

function groundedVerdict(
  input: JudgeInput,
  settings: GroundedSettings,
  rules: Rules,
): JudgeVerdict | Promise<JudgeVerdict> {
  const { action } = input.action
  if (action.kind === "malformed") return bad(`the action cannot be read: ${action.reason}`)
  const evidence = readEvidence(input, settings, rules)
  if (action.kind === "answer") return answerVerdict(action.answer, evidence, settings)
  const rule = rules.get(action.tool)
  if (rule) return ownVerdict(rule, action.input, { question: evidence.question, results: evidence.seen })
  return callVerdict(action, evidence, settings)
}

function answerVerdict(answer: string, evidence: Evidence, settings: GroundedSettings): JudgeVerdict {
  const problem = answerProblem(answer, evidence, settings)
  if (problem !== undefined) return answer.trim() === "" ? bad(problem) : unlessUnread(problem, evidence)
  const isLast = settings.vocabulary === "closed" || evidence.results.at(-1)?.kind === "calculator"
  if (isLast && evidence.lastUnread) return unlessUnread("the answer should be the last result", evidence)
  return good("the answer is the last result, and what the question gives has been used")
}

/** Bad, but not where a result that this judge cannot read may be what is missing: that is unscored. */
function unlessUnread(problem: string, { unread }: Evidence): JudgeVerdict {
  if (unread.size === 0) return bad(problem)
  const tools = list([...unread].map((tool) => `"${tool}"`))
  return {
    verdict: "unscored",
    reason: `this judge knows no rule for what ${tools} returned; without that, ${problem}`,
  }
}

/** Of a tool without a rule of its own. */
function callVerdict(
  action: Extract<Action, { kind: "tool" }>,
  evidence: Evidence,
  settings: GroundedSettings,
): JudgeVerdict {
  const kind = toolKind(action.tool, settings)
  if (kind === "other") {
    return { verdict: "unscored", reason: `this judge knows no rule for the tool "${action.tool}"` }
  }
  const before = evidence.calls.get(callKey(action.tool, action.query, kind))
  const malformed =
    kind === "calculator" ? expressionProblem(action.query, settings) : queryProblem(action.query, settings)
  if (malformed) return bad(malformed)
  if (before !== undefined) return bad(`the same call was already made in step ${before + 1}`)
  return kind === "calculator"
    ? calculationVerdict(action.query, evidence, settings)
    : searchVerdict(action.query, evidence, settings)
}

function expressionProblem(query: string, settings: GroundedSettings): string | undefined {
  const expression = readExpression(query)
  if ("problem" in expression) return `the expression cannot be read: ${expression.problem}`
  if (expression.operators === 0) return "the expression calculates nothing"
  if (!settings.countsOnly) return undefined
  const two = expression.operands.length === 2 && expression.operators === 1
  if (!two) return "a call takes exactly two numbers and one operation"
  const odd = expression.operands.find((operand) => !Number.isInteger(operand.value) || operand.percent)
  return odd ? `${odd.text} is not a whole number` : undefined
}

function queryProblem(query: string, settings: GroundedSettings): string | undefined {
  const words = wordsOf(query)
  if (words.length === 0) return "the query is empty"
  const { maximalQueryWords: most } = settings
  return most > 0 && words.length > most
    ? `the query has ${words.length} words; at most ${most} are allowed`
    : undefined
}

function calculationVerdict(query: string, evidence: Evidence, settings: GroundedSettings): JudgeVerdict {
  const expression = readExpression(query)
  const operands = "operands" in expression ? expression.operands : []
  const unseen = operands.filter((operand) => !isSeen(operand, evidence, settings)).map((operand) => operand.text)
  if (unseen.length === 0) return good("a new call; its numbers occur in the question or in earlier results")
  return unlessUnread(
    `${list(unseen)} ${unseen.length === 1 ? "occurs" : "occur"} neither in the question nor in an earlier result`,
    evidence,
  )
}

function searchVerdict(query: string, evidence: Evidence, settings: GroundedSettings): JudgeVerdict {
  const words = queryWords(query, settings)
  const known = words.filter((word) => evidence.names.has(word) || isKnownNumber(word, evidence))
  const relations = words.filter((word) => evidence.relations.has(word) && !known.includes(word))
  if (known.length === 0) {
    // A question without any name can only be searched by its own words.
    const nameless = settings.vocabulary === "open" && relations.length >= 2
    if (!nameless) return unlessUnread("the query has no name from the question or from an earlier result", evidence)
  }
  if (relations.length === 0 && !settings.nameAlone) {
    return bad("the query asks for nothing that the question asks for")
  }
  const about = [...new Set([...known, ...relations])]
  return good(
    `a new call; ${list(about)} ${about.length === 1 ? "occurs" : "occur"} in the question or in earlier results`,
  )
}

function isKnownNumber(word: string, evidence: Evidence): boolean {
  if (!/^\d/.test(word)) return false
  const value = Number(word.replaceAll(",", ""))
  return evidence.resultNumbers.includes(value) || evidence.numbers.some((number) => number.forms[0] === value)
}

function list(items: readonly string[]): string {
  if (items.length <= 1) return items.join("")
  return `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`
}

const good = (reason: string): JudgeVerdict => ({ verdict: "good", reason })
const bad = (reason: string): JudgeVerdict => ({ verdict: "bad", reason })
