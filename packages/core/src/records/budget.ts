/** How much a training may take of what its filter kept, so that filters that keep different amounts can be compared. */
import { z } from "zod"
import { describedValue } from "../schema-problem.ts"
import { suggestion } from "../suggest.ts"

const count = z.int().positive()

/** One of the two: trajectories, or states, which are their steps (an action is trained at each). */
export const BudgetSchema = z.union([z.strictObject({ trajectories: count }), z.strictObject({ states: count })], {
  error: ({ input }) => `a budget is { trajectories: 500 } or { states: 1500 }, one of the two${faultOf(input)}`,
})
export type Budget = z.infer<typeof BudgetSchema>

/** The field that is at fault, where there is one. */
function faultOf(input: unknown): string {
  const fields = ["trajectories", "states"]
  const given = typeof input === "object" && input !== null ? Object.entries(input) : []
  const [unknown] = given.find(([name]) => !fields.includes(name)) ?? []
  if (unknown !== undefined) return `; "${unknown}" is unknown.${suggestion(unknown, fields)}`
  if (given.length !== 1) return ""
  const [name, value] = given[0]!
  return `; "${name}" is ${describedValue(value)}, no whole number above 0`
}

/** What was taken, counted both ways. */
export const UsedSchema = z.object({ trajectories: z.int(), states: z.int() })
export type Used = z.infer<typeof UsedSchema>
