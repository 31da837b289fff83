/** A config file, checked: a key that nobody reads is a wish that is not heard. */
import { z } from "zod"
import { ToolLimitsSchema } from "../contracts/tool-limits.ts"
import { SwirlError } from "../errors.ts"
import { schemaProblem } from "../schema-problem.ts"
import { suggestion } from "../suggest.ts"
import type { Config, Defaults } from "./config.ts"
import type { PluginDefinition } from "./plugin.ts"

const text = z.string().min(1)
const texts = z.record(z.string(), text)

const defaults = z.strictObject({
  judge: text.optional(),
  strategy: text.optional(),
  algorithm: text.optional(),
  engine: text.optional(),
  actionFormat: text.optional(),
  model: text.optional(),
  prompt: text.optional(),
  seed: z.int().min(0).optional(),
  concurrency: z.int().min(1).optional(),
} satisfies Record<keyof Defaults<readonly PluginDefinition[]>, z.ZodType>)

const config = z.strictObject({
  // What is in the list is the registry's to check: one broken plugin takes no other down.
  plugins: z.array(z.unknown()).optional(),
  models: texts.optional(),
  data: texts.optional(),
  tools: z.record(z.string(), ToolLimitsSchema).optional(),
  defaults: defaults.optional(),
} satisfies Record<keyof Config, z.ZodType>)

const known = new Map<string, readonly string[]>([
  ["", Object.keys(config.shape)],
  ["defaults", Object.keys(defaults.shape)],
])

/** A copy of what a config file gave; throws a usage error that says all that is wrong in it. `what` names the file. */
export function readConfig(value: unknown, what: string): Partial<Config> {
  const { data, error } = config.safeParse(value)
  if (data) return data as Partial<Config>
  const problems = error.issues.flatMap((issue) => {
    if (issue.code !== "unrecognized_keys") return [`${schemaProblem(issue, value)}.`]
    const inside = issue.path.join(".")
    const names = inside.startsWith("tools.") ? Object.keys(ToolLimitsSchema.shape) : (known.get(inside) ?? [])
    return issue.keys.map((key) => `there is no "${inside ? `${inside}.` : ""}${key}".${suggestion(key, names)}`)
  })
  throw new SwirlError(`${what} cannot be used: ${problems.join(" ")}`, { kind: "usage" })
}
