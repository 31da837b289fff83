/** What a training on a Tinker server is asked for, read once. Invariant: what the server would take silently and do otherwise is refused here. */
import { type EngineOptions, SwirlError } from "@swirl-ts/core"
import { readOptions } from "@swirl-ts/kit"
import { z } from "zod"
import { losses } from "./loss.ts"
import { normalisations } from "./normalisation.ts"

/** What a server is, for a config: of every training on it. */
export const PluginOptionsSchema = z.strictObject({
  /** Its address, as `--engine-url`. */
  url: z.string().optional(),
  /** The model's name on the server, where it is not that of the policy. */
  baseModel: z.string().min(1).optional(),
  /** How the server normalises a loss; checked at the start. */
  normalisation: z.enum(normalisations).default("sequence-mean"),
  /** The loss that is asked for; checked at the start. */
  loss: z.enum(losses).default("cispo"),
  /** Requests under way at once. */
  inFlight: z.int().min(1).default(32),
  /** Rows are sent in requests of at most so many bytes, a longer row alone. */
  requestBytes: z
    .int()
    .min(1)
    .default(4 * 2 ** 20),
  /** Longest a request may take on the server, queue and compilation included. */
  futureSeconds: z.number().positive().default(1800),
})
export type TinkerPluginOptions = z.input<typeof PluginOptionsSchema>

const EngineSchema = PluginOptionsSchema.extend({
  /** Rank of the adapter. */
  lora: z.int().min(1).optional(),
  loraAlpha: z.number().positive().optional(),
  loraTargets: z.array(z.string()).optional(),
  /** Of the adapter's first weights. */
  seed: z.int().min(0).default(0),
  // They say how the engine in this process computes, not what: the same file runs on both.
  precision: z.unknown().optional(),
  tokenBudget: z.unknown().optional(),
  maxRows: z.unknown().optional(),
  recompute: z.unknown().optional(),
})

export type TinkerSettings = Omit<z.output<typeof EngineSchema>, "lora" | "url"> & { rank: number; url?: string }

const allTargets = ["q", "k", "v", "o", "gate", "up", "down"]

export function tinkerSettings(defaults: object, given: Omit<EngineOptions, "policy" | "backend">): TinkerSettings {
  const { lora: rank, ...settings } = readOptions("engine tinker", EngineSchema, defaults, given)
  if (rank === undefined)
    throw new SwirlError(
      "The engine tinker trains a LoRA adapter, never the weights themselves. Give its rank, e.g. --lora 16 (a file: engineOptions: { lora: 16 }).",
      { kind: "usage" },
    )
  const missing = settings.loraTargets && allTargets.filter((target) => !settings.loraTargets!.includes(target))
  if (missing && missing.length > 0)
    throw new SwirlError(
      `The engine tinker adapts all seven kinds of linear weights; a Tinker server cannot leave out ${missing.join(", ")}. Leave --lora-targets out, or take the engine local.`,
      { kind: "usage" },
    )
  return { ...settings, rank }
}
