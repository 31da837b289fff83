/** The weights of a layer, by the middle of their Hugging Face names. */

/** The seven linear weights of a layer, by the end of their names. */
export type LinearPart =
  | "self_attn.q_proj"
  | "self_attn.k_proj"
  | "self_attn.v_proj"
  | "self_attn.o_proj"
  | "mlp.gate_proj"
  | "mlp.up_proj"
  | "mlp.down_proj"
/** Its norms; which of them a model has, `normsOf` says. */
export type NormPart =
  | "input_layernorm"
  | "self_attn.q_norm"
  | "self_attn.k_norm"
  | "post_attention_layernorm"
  | "pre_feedforward_layernorm"
  | "post_feedforward_layernorm"
