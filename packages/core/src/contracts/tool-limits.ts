/** What one call of a tool may take and give, whatever the tool does: a tool of others can be endless or return anything. */
import { z } from "zod"

export interface ToolLimits {
  /** Seconds; then the call's signal is aborted, and the observation is an error that says so. */
  timeout?: number
  /** Characters of an observation; the rest is left out, and how much that is is said. */
  observationLimit?: number
}

export const ToolLimitsSchema = z
  .strictObject({ timeout: z.number().positive(), observationLimit: z.int().positive() })
  .partial()

export const defaultToolLimits: Readonly<Required<ToolLimits>> = { timeout: 60, observationLimit: 16_000 }
