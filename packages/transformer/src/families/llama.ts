/** Llama 1 to 3 and SmolLM2: the plain form, with biases where the config asks for them. */
import { attentionBiases, feedForwardBiases, hasBias } from "../biases.ts"
import type { Family } from "./family.ts"

export const llama: Family = {
  modelType: "llama",
  architecture: "LlamaForCausalLM",
  activationField: "hidden_act",
  defaults: { hidden_act: "silu", max_position_embeddings: 2048 },
  read: ({ source }) => {
    const biases = [...(source.attention_bias ? attentionBiases : []), ...(source.mlp_bias ? feedForwardBiases : [])]
    return biases.length > 0 ? { biases } : {}
  },
  write: (config) => ({
    attention_bias: hasBias(config, "self_attn.q_proj"),
    mlp_bias: hasBias(config, "mlp.gate_proj"),
  }),
}
