/** Names and shapes of a Llama model's parameters, as Hugging Face writes them. Linear weights are [out, in]. */
import type { TransformerConfig } from "./transformer-config.ts"

/** The seven linear weights and two norms of one layer, by the end of their names. */
const layerParts = [
  "input_layernorm",
  "self_attn.q_proj",
  "self_attn.k_proj",
  "self_attn.v_proj",
  "self_attn.o_proj",
  "post_attention_layernorm",
  "mlp.gate_proj",
  "mlp.up_proj",
  "mlp.down_proj",
] as const
export type LayerPart = (typeof layerParts)[number]

export const embeddingName = "model.embed_tokens.weight"
export const finalNormName = "model.norm.weight"
export const headOfItsOwn = "lm_head.weight"

/** The name of the matrix that turns hidden states into logits: the embedding itself when tied. */
export const headName = (config: TransformerConfig): string => (config.tiedEmbeddings ? embeddingName : headOfItsOwn)

export const layerName = (layer: number, part: LayerPart): string => `model.layers.${layer}.${part}.weight`

/** Every parameter's shape by name, in a fixed order. */
export function parameterShapes(config: TransformerConfig): Map<string, readonly number[]> {
  const { hiddenSize: d, innerSize: f, vocabularySize: v } = config
  const q = config.heads * config.headSize
  const kv = config.keyValueHeads * config.headSize
  const shapes: Record<LayerPart, readonly number[]> = {
    input_layernorm: [d],
    "self_attn.q_proj": [q, d],
    "self_attn.k_proj": [kv, d],
    "self_attn.v_proj": [kv, d],
    "self_attn.o_proj": [d, q],
    post_attention_layernorm: [d],
    "mlp.gate_proj": [f, d],
    "mlp.up_proj": [f, d],
    "mlp.down_proj": [d, f],
  }
  const all = new Map<string, readonly number[]>([[embeddingName, [v, d]]])
  for (let layer = 0; layer < config.layers; layer++)
    for (const part of layerParts) all.set(layerName(layer, part), shapes[part])
  all.set(finalNormName, [d])
  if (!config.tiedEmbeddings) all.set(headOfItsOwn, [v, d])
  return all
}

/** Names of all parameters, in a fixed order. */
export const parameterNames = (config: TransformerConfig): string[] => [...parameterShapes(config).keys()]

/** Number of trained scalars. */
export const countParameters = (config: TransformerConfig): number =>
  [...parameterShapes(config).values()].reduce((sum, shape) => sum + shape.reduce((a, b) => a * b, 1), 0)
