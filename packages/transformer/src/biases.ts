/** Which linear weights have a bias beside them. */
import type { LinearPart } from "./parts.ts"
import type { TransformerConfig } from "./transformer-config.ts"

export const queryKeyValueBiases: readonly LinearPart[] = ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"]
export const attentionBiases: readonly LinearPart[] = [...queryKeyValueBiases, "self_attn.o_proj"]
export const feedForwardBiases: readonly LinearPart[] = ["mlp.gate_proj", "mlp.up_proj", "mlp.down_proj"]

export const hasBias = (config: TransformerConfig, part: LinearPart): boolean => config.biases?.includes(part) === true
