/** Options of the engine that say what is trained (`--lora`, `--engine-option`): they stay the same while a training goes on. */
import { z } from "zod"

export const adapterTargets = ["q", "k", "v", "o", "gate", "up", "down"] as const

export const EngineSettingsSchema = z.strictObject({
  /** Address of the dashboard; no part of what is trained. */
  url: z.string().optional(),
  /** Rank; absent: all weights are trained. */
  lora: z.int().positive().optional(),
  loraAlpha: z.number().positive().optional(),
  loraTargets: z.array(z.enum(adapterTargets)).min(1).optional(),
  precision: z.enum(["f32", "bf16"]).default("f32"),
  /** Whose loop trains; verl and OpenRLHF train `swirl` alone, and want GPUs. */
  launcher: z.enum(["trl", "verl", "openrlhf"]).default("trl"),
})
export type EngineSettings = z.output<typeof EngineSettingsSchema>
