/** What a model of this package is opened with. */
import { z } from "zod"

export const PrecisionSchema = z.enum(["f32", "bf16", "auto"])

export const OptionsSchema = z.strictObject({
  backend: z.enum(["wasm", "native"]).optional(),
  /** Conversations decoded together. */
  maxRows: z.int().min(1).optional(),
  /** Bound of the prefix cache. */
  prefixCacheBytes: z.int().min(0).optional(),
  /** How the weights are held and multiplied. */
  precision: PrecisionSchema.optional(),
})
export type LocalOptions = z.infer<typeof OptionsSchema>

/** When one is opened, what other models are shown as well is passed over. */
export const ShownSchema = z.object(OptionsSchema.shape)
