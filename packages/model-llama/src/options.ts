/** What a model of this package is opened with. */
import { z } from "zod"

export const OptionsSchema = z.strictObject({
  /** Conversations at once, each with its own cache. */
  sequences: z.int().min(1).default(8),
  /** Tokens a conversation may have. Default: what the model was trained on, at most 4,096. */
  contextSize: z.int().min(1).optional(),
  /** Threads of llama.cpp. Default: half the processor's, at least one. */
  threads: z.int().min(1).optional(),
  /** A chat template (Jinja) in place of the file's own. */
  chatTemplate: z.string().min(1).optional(),
})
export type LlamaOptions = z.input<typeof OptionsSchema>
export type LlamaSettings = z.output<typeof OptionsSchema>

/** What other models are shown as well is passed over when one is opened. */
export const ShownSchema = z.object(OptionsSchema.shape)
