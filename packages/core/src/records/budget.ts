/** How much a training may take of what its filter kept, so that filters that keep different amounts can be compared. */
import { z } from "zod"

const count = z.int().positive()

/** One of the two: trajectories, or states, which are their steps (an action is trained at each). */
export const BudgetSchema = z.union([z.strictObject({ trajectories: count }), z.strictObject({ states: count })], {
  error: "a budget is { trajectories: 500 } or { states: 1500 }, one of the two",
})
export type Budget = z.infer<typeof BudgetSchema>

/** What was taken, counted both ways. */
export const UsedSchema = z.object({ trajectories: z.int(), states: z.int() })
export type Used = z.infer<typeof UsedSchema>
