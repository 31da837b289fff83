/** A sandbox task: a question, its answer, and the graph of calls that leads there. Plain data. */
import type { GoldStep, Task } from "@swirl-ts/core"
import type { RelationName } from "./relations.ts"

export type Operator = "+" | "-" | "*" | "/"
export type Domain = "calc" | "lookup" | "mixed"

/** One needed call. `needs` are indices of earlier calls whose results it uses. */
export type PlannedCall =
  | { tool: "calculator"; operator: Operator; left: number; right: number; needs: number[]; result: string }
  | { tool: "search"; entity: string; relation: RelationName; needs: number[]; result: string }

export interface SandboxTask extends Task {
  answer: string
  domain: Domain
  /** What a held-out structure is held out by, e.g. `add-bags` or `spouse-works`. */
  structure: string
  /** In an order in which they can be made; the last one gives the answer. */
  plan: PlannedCall[]
  /** Numbers the question states. */
  numbers: number[]
  /** Names the question starts from. */
  entities: string[]
  /** Relations the question speaks of, in order of use. */
  relations: RelationName[]
  /** Key of the world to search; absent for calc. */
  world?: string
}

/** A task before it has an id. */
export type Draft = Omit<SandboxTask, "id">

export const apply = (operator: Operator, left: number, right: number): number =>
  operator === "+" ? left + right : operator === "-" ? left - right : operator === "*" ? left * right : left / right

/** What a call does, the same for calls that only swap the two sides of a sum or product. */
export function callKey(call: PlannedCall): string {
  if (call.tool === "search") return `${call.entity} ${call.relation}`
  const { operator, left, right } = call
  const swaps = (operator === "+" || operator === "*") && left > right
  return swaps ? `${right} ${operator} ${left}` : `${left} ${operator} ${right}`
}

/** No two calls of a plan do the same, so every step has one place in it. */
export const isDistinct = (plan: readonly PlannedCall[]): boolean => new Set(plan.map(callKey)).size === plan.length

/** The results of the planned calls, each to be seen as a word of an observation. */
export const goldStepsOf = ({ plan }: Pick<SandboxTask, "plan">): GoldStep[] =>
  plan.map(({ result }) => ({
    metric: "gold_step_recall",
    text: result,
    seenIn: ({ text, isError }) => !isError && text.split(" ").includes(result),
  }))
