/** Qwen 3: the queries and keys of every head are normed before they are turned; biases where the config asks for them. */
import { attentionBiases, hasBias } from "../biases.ts"
import type { Family } from "./family.ts"
import { readUpperWindows, writeUpperWindows } from "./qwen2.ts"

export const qwen3: Family = {
  modelType: "qwen3",
  architecture: "Qwen3ForCausalLM",
  activationField: "hidden_act",
  defaults: { hidden_act: "silu", max_position_embeddings: 32_768, num_key_value_heads: 32, head_dim: 128 },
  read: (fields) => ({
    queryKeyNorms: true,
    ...(fields.source.attention_bias ? { biases: attentionBiases } : {}),
    ...readUpperWindows(fields),
  }),
  write: (config) => ({ attention_bias: hasBias(config, "self_attn.q_proj"), ...writeUpperWindows(config) }),
}
