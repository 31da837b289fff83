/** Names and shapes of a model's parameters, as Hugging Face writes them. Linear weights are [out, in]. */
import { hasBias } from "./biases.ts"
import type { LinearPart, NormPart } from "./parts.ts"
import type { TransformerConfig } from "./transformer-config.ts"

export const embeddingName = "model.embed_tokens.weight"
export const finalNormName = "model.norm.weight"
export const headOfItsOwn = "lm_head.weight"

/** The name of the matrix that turns hidden states into logits: the embedding itself when tied. */
export const headName = (config: TransformerConfig): string => (config.tiedEmbeddings ? embeddingName : headOfItsOwn)

export const layerName = (layer: number, part: LinearPart | NormPart): string => `model.layers.${layer}.${part}.weight`
export const biasName = (layer: number, part: LinearPart): string => `model.layers.${layer}.${part}.bias`

/** The norms around the two parts of a layer. Llama's name for the one before the second part means another one elsewhere. */
export const normsOf = ({
  normsAfter,
}: TransformerConfig): {
  beforeAttention: NormPart
  afterAttention?: NormPart
  beforeFeedForward: NormPart
  afterFeedForward?: NormPart
} =>
  normsAfter
    ? {
        beforeAttention: "input_layernorm",
        afterAttention: "post_attention_layernorm",
        beforeFeedForward: "pre_feedforward_layernorm",
        afterFeedForward: "post_feedforward_layernorm",
      }
    : { beforeAttention: "input_layernorm", beforeFeedForward: "post_attention_layernorm" }

/** Every parameter's shape by name, in a fixed order. */
export function parameterShapes(config: TransformerConfig): Map<string, readonly number[]> {
  const { hiddenSize: d, innerSize: f, vocabularySize: v, headSize } = config
  const q = config.heads * headSize
  const kv = config.keyValueHeads * headSize
  const norms = normsOf(config)
  const all = new Map<string, readonly number[]>([[embeddingName, [v, d]]])
  for (let layer = 0; layer < config.layers; layer++) {
    const norm = (part: NormPart | undefined, size = d): void => {
      if (part !== undefined) all.set(layerName(layer, part), [size])
    }
    const linear = (part: LinearPart, out: number, input: number): void => {
      all.set(layerName(layer, part), [out, input])
      if (hasBias(config, part)) all.set(biasName(layer, part), [out])
    }
    norm(norms.beforeAttention)
    linear("self_attn.q_proj", q, d)
    linear("self_attn.k_proj", kv, d)
    linear("self_attn.v_proj", kv, d)
    linear("self_attn.o_proj", d, q)
    if (config.queryKeyNorms) {
      norm("self_attn.q_norm", headSize)
      norm("self_attn.k_norm", headSize)
    }
    norm(norms.afterAttention)
    norm(norms.beforeFeedForward)
    linear("mlp.gate_proj", f, d)
    linear("mlp.up_proj", f, d)
    linear("mlp.down_proj", d, f)
    norm(norms.afterFeedForward)
  }
  all.set(finalNormName, [d])
  if (!config.tiedEmbeddings) all.set(headOfItsOwn, [v, d])
  return all
}

/** Names of all parameters, in a fixed order. */
export const parameterNames = (config: TransformerConfig): string[] => [...parameterShapes(config).keys()]

/** Number of trained scalars. */
export const countParameters = (config: TransformerConfig): number =>
  [...parameterShapes(config).values()].reduce((sum, shape) => sum + shape.reduce((a, b) => a * b, 1), 0)
