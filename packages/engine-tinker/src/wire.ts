/** Bodies and answers of the Tinker REST API, as SkyRL 0.3.0 serves it. What comes is read by schema: another version is told by name. */
import { z } from "zod"

export interface Datum {
  model_input: { chunks: { type: "encoded_text"; tokens: readonly number[] }[] }
  loss_fn_inputs: Record<"target_tokens" | "weights" | "logprobs" | "advantages", { data: readonly number[] }>
}

export interface LossRequest {
  loss_fn: "cross_entropy" | "importance_sampling" | "cispo"
  loss_fn_config?: Record<string, number>
}

export const CapabilitiesSchema = z.object({
  supported_models: z.array(z.object({ model_name: z.string().nullish() })),
})
export const SessionSchema = z.object({ session_id: z.string(), error_message: z.string().nullish() })
export const RequestSchema = z.object({ request_id: z.string() })
export const ModelRequestSchema = RequestSchema.extend({ model_id: z.string() })
export const CreatedModelSchema = z.object({
  model_id: z.string(),
  base_model: z.string().optional(),
  lora_config: z.object({ rank: z.number(), alpha: z.number().optional() }).optional(),
})
const Numbers = z.object({ data: z.array(z.number()) })
export const PassSchema = z.object({
  loss_fn_outputs: z.array(z.object({ logprobs: Numbers, elementwise_loss: Numbers.optional() })),
})
export const StepSchema = z.object({ metrics: z.record(z.string(), z.number().nullable()).nullish() })
export const SavedSchema = z.object({ path: z.string() })
export const SampledSchema = z.object({
  sequences: z.array(
    z.object({
      stop_reason: z.enum(["stop", "length"]),
      tokens: z.array(z.int()),
      logprobs: z.array(z.number()),
    }),
  ),
  prompt_logprobs: z.array(z.number().nullable()).nullish(),
})
export const CheckpointsSchema = z.object({ checkpoints: z.array(z.object({ tinker_path: z.string() })) })
export const AnySchema = z.looseObject({})
