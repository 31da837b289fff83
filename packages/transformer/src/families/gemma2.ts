/**
 * Gemma 2: scaled embeddings, norms of 1 + w before and after both parts of a layer, a gate of GELU, attention scores and
 * logits capped by tanh, and a window in every other layer.
 */
import { attentionBiases, hasBias } from "../biases.ts"
import type { ConfigFields, Json } from "../config-fields.ts"
import { readWindows, writeWindows } from "../sliding-window.ts"
import type { TransformerConfig } from "../transformer-config.ts"
import type { Family } from "./family.ts"

export const gemma2: Family = {
  modelType: "gemma2",
  architecture: "Gemma2ForCausalLM",
  activationField: "hidden_activation",
  defaults: {
    hidden_activation: "gelu_pytorch_tanh",
    num_attention_heads: 8,
    num_key_value_heads: 4,
    head_dim: 256,
    max_position_embeddings: 8192,
    query_pre_attn_scalar: 256,
    sliding_window: 4096,
    attn_logit_softcapping: 50,
    final_logit_softcapping: 30,
    tie_word_embeddings: true,
    bos_token_id: 2,
    eos_token_id: 1,
  },
  read: (fields) => ({
    ...readGemma(fields),
    ...readWindows(fields, (layer) => layer % 2 === 0),
    attentionSoftCap: fields.optional("attn_logit_softcapping"),
  }),
  write: (config) => ({ ...writeGemma(config), attn_logit_softcapping: config.attentionSoftCap ?? null }),
}

/** What Gemma 2 and 3 share. */
export function readGemma(fields: ConfigFields): Partial<TransformerConfig> {
  if (fields.source.use_bidirectional_attention) fields.refuse("use_bidirectional_attention is not supported")
  return {
    embeddingScale: Math.sqrt(fields.size("hidden_size")),
    normOffset: 1,
    normsAfter: true,
    queryScalar: fields.positive("query_pre_attn_scalar"),
    logitSoftCap: fields.optional("final_logit_softcapping"),
    ...(fields.source.attention_bias ? { biases: attentionBiases } : {}),
  }
}

export const writeGemma = (config: TransformerConfig): Json => ({
  attention_bias: hasBias(config, "self_attn.q_proj"),
  query_pre_attn_scalar: config.queryScalar ?? config.headSize,
  final_logit_softcapping: config.logitSoftCap ?? null,
  ...writeWindows(config),
})
