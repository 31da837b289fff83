/** Where a conversation stands in its task's plan: which calls are done, which one an action makes, what comes next. */
import { type Action, shortName } from "@swirl-ts/core"
import { isRelation } from "./relations.ts"
import { apply, callKey, type PlannedCall, type SandboxTask } from "./task.ts"

const binary = /^\s*(-?\d+(?:\.\d+)?)\s*([-+*/])\s*(-?\d+(?:\.\d+)?)\s*$/

/** The text of a call, whatever the field of the tool's input is called. */
function callText(action: Extract<Action, { kind: "tool" }>): string {
  const values = typeof action.input === "object" && action.input !== null ? Object.values(action.input) : []
  return values.length === 1 && typeof values[0] === "string" ? values[0] : action.query
}

/** What an action does, so that two spellings of one call are equal; undefined for answers and malformed turns. */
function actionKey(action: Action): string | undefined {
  if (action.kind !== "tool") return undefined
  const text = callText(action)
  const match = shortName(action.tool) === "calculator" ? binary.exec(text) : null
  if (!match) return `${shortName(action.tool)} ${text.trim().toLowerCase().replace(/\s+/g, " ")}`
  const [left, right] = [Number(match[1]), Number(match[3])]
  const operator = match[2] as "+" | "-" | "*" | "/"
  return callKey({ tool: "calculator", operator, left, right, needs: [], result: String(apply(operator, left, right)) })
}

/** Whether an action makes a planned call: the same operation, or the name and its one relation among the query's words. */
export function makes(action: Action, call: PlannedCall): boolean {
  if (action.kind !== "tool" || shortName(action.tool) !== call.tool) return false
  if (call.tool === "calculator") return actionKey(action) === callKey(call)
  const words = callText(action).toLowerCase().split(/\s+/)
  return (
    words.includes(call.entity) &&
    words.includes(call.relation) &&
    !words.some((word) => isRelation(word) && word !== call.relation)
  )
}

const ready = (call: PlannedCall, done: ReadonlySet<number>): boolean => call.needs.every((need) => done.has(need))

/** The open planned call an action makes, or -1: not needed, already made, or made before what it needs. */
export const openCall = (plan: readonly PlannedCall[], done: ReadonlySet<number>, action: Action): number =>
  plan.findIndex((call, index) => !done.has(index) && ready(call, done) && makes(action, call))

/** Indices of the planned calls that a sequence of actions has made. */
export function doneCalls(plan: readonly PlannedCall[], actions: readonly Action[]): Set<number> {
  const done = new Set<number>()
  for (const action of actions) {
    const index = openCall(plan, done, action)
    if (index >= 0) done.add(index)
  }
  return done
}

/** The next call to make; undefined when the answer is known. */
export function nextCall(task: Pick<SandboxTask, "plan">, done: ReadonlySet<number>): PlannedCall | undefined {
  return task.plan.find((call, index) => !done.has(index) && ready(call, done))
}
