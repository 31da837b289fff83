/** How demonstrators go wrong. A habit turns the right next turn into one of its own; it may find nothing to do. */
import { type Action, type Random, shortName } from "@swirl-ts/core"
import { doneCalls, nextCall } from "./progress.ts"
import type { PlannedCall, SandboxTask } from "./task.ts"
import { names } from "./words.ts"

export type Habit = "hasty" | "repeat" | "tags" | "copy"
export interface Turn {
  /** Without the thought word. */
  text: string
  action: Action
}
/** A step as the demonstrator remembers it. */
export interface Past {
  action: Action
  /** The environment's turn. */
  reply: string
}

/** Longer values come from divisions that make no sense; nobody copies them. */
const longestValue = 5

const written = (tool: "calculator" | "search", query: string): Turn =>
  tool === "calculator"
    ? { text: `<math_exp> ${query} </math_exp>`, action: { kind: "tool", tool, query, input: { expression: query } } }
    : { text: `<search_query> ${query} </search_query>`, action: { kind: "tool", tool, query, input: { query } } }

const answer = (value: string): Turn => ({
  text: `<answer> ${value} </answer>`,
  action: { kind: "answer", answer: value },
})
const malformed = (text: string): Turn => ({ text, action: { kind: "malformed", reason: "demonstrated" } })

const queryOf = (call: PlannedCall): string =>
  call.tool === "calculator" ? `${call.left} ${call.operator} ${call.right}` : `${call.entity} ${call.relation}`

/** The call that the plan wants next; undefined where all are made. */
export const plannedNext = (task: SandboxTask, past: readonly Past[]): PlannedCall | undefined => {
  const actions = past.map((step) => step.action)
  return nextCall(task, doneCalls(task.plan, actions))
}

/** The right turn at this point. */
export function rightTurn(task: SandboxTask, past: readonly Past[]): Turn {
  const next = plannedNext(task, past)
  return next ? written(next.tool, queryOf(next)) : answer(task.answer)
}

/** What the results so far were: a number, or the name or number a passage adds to the query. */
function resultValues(past: readonly Past[]): string[] {
  return past.flatMap(({ action, reply }) => {
    if (action.kind !== "tool") return []
    const result = reply.slice(reply.lastIndexOf("->") + 2).trim()
    const value =
      shortName(action.tool) === "calculator"
        ? result
        : result.split(" ").findLast((word) => (names.has(word) && !action.query.includes(word)) || /^\d+$/.test(word))
    return value && value.length <= longestValue + 7 && /^([a-z]+|-?[\d.]{1,5})$/.test(value) ? [value] : []
  })
}

/** A hasty answer: the last result, or anything the question names. */
function guess(draw: Random, task: SandboxTask, values: readonly string[]): string {
  return values.at(-1) ?? (task.numbers.length ? String(draw.pick(task.numbers)) : draw.pick(task.entities))
}

export function habitTurn(draw: Random, habit: Habit, task: SandboxTask, past: readonly Past[]): Turn {
  const right = rightTurn(task, past)
  const values = resultValues(past)
  if (habit === "hasty") return right.action.kind === "answer" ? right : answer(guess(draw, task, values))
  if (habit === "repeat") {
    const last = past.findLast((step) => step.action.kind === "tool")?.action
    return last?.kind === "tool" ? written(shortName(last.tool) as "calculator" | "search", last.query) : right
  }
  if (habit === "tags") return brokenTags(draw, right.text, guess(draw, task, values))
  return miscopied(draw, task, right, values)
}

const closingTags = ["</math_exp>", "</search_query>", "</answer>"]

function brokenTags(draw: Random, text: string, other: string): Turn {
  const words = text.split(" ")
  const opened = words.slice(0, -1).join(" ")
  const kind = draw.integer(0, 3)
  if (kind === 0) return malformed(opened)
  if (kind === 1) return malformed(words.slice(1, -1).join(" "))
  if (kind === 2) return malformed(`${opened} ${draw.pick(closingTags.filter((tag) => tag !== words.at(-1)))}`)
  return malformed(`${text} <answer> ${other} </answer>`)
}

/** One operand, name, relation or the answer taken from the wrong place. */
function miscopied(draw: Random, task: SandboxTask, right: Turn, values: readonly string[]): Turn {
  const { action } = right
  if (action.kind === "answer") {
    const wrong = [...values.slice(0, -1), ...task.numbers.map(String), ...task.entities]
    return wrong.length ? answer(draw.pick(wrong)) : right
  }
  if (action.kind !== "tool") return right
  const words = action.query.split(" ")
  if (action.tool === "calculator") {
    const numbers = [...task.numbers.map(String), ...values.filter((value) => /^\d+$/.test(value))]
    words[draw.pick([0, 2])] = draw.pick(numbers)
  } else if (draw.next() < 0.5) words[0] = draw.pick([...task.entities, ...values.filter((value) => names.has(value))])
  else words[1] = draw.pick(task.relations)
  return written(action.tool as "calculator" | "search", words.join(" "))
}
