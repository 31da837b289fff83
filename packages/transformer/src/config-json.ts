/**
 * A config.json of Hugging Face, read and written.
 * Invariant: a config that leaves `parseConfig` is one this package computes exactly; everything else is refused with a sentence.
 */
import { type ConfigFields, createFields, type Json } from "./config-fields.ts"
import { familyNames, familyOf } from "./families/index.ts"
import { llama } from "./families/llama.ts"
import { readRope, writeRope } from "./rope.ts"
import { type Activation, checkConfig, type TransformerConfig } from "./transformer-config.ts"

const activations: Readonly<Record<string, Activation>> = { silu: "silu", gelu_pytorch_tanh: "gelu-tanh" }

/** Reads a parsed config.json; `where` names it in errors. Throws an Error saying what is not supported. */
export function parseConfig(json: unknown, where = "config.json"): TransformerConfig {
  if (typeof json !== "object" || json === null) throw new Error(`${where}: not a JSON object.`)
  const source = json as Json
  const family = familyOf(source.model_type)
  if (family === undefined)
    throw new Error(
      `${where}: model_type is ${JSON.stringify(source.model_type)}; supported are ${familyNames().join(", ")}.`,
    )
  const fields = createFields({ ...family.defaults, ...source }, where)
  if (source.quantization_config) fields.refuse("quantization_config is not supported")
  if (source.is_causal === false) fields.refuse("is_causal is false: attention in both directions is not supported")
  if (source.per_layer_config) fields.refuse("per_layer_config, by which layers differ, is not supported")
  const hiddenSize = fields.size("hidden_size")
  const heads = fields.size("num_attention_heads")
  const activation = activationOf(fields, family.activationField)
  const differing = family.read(fields)
  const { theta, scaling } =
    differing.ropeTheta === undefined
      ? readRope(fields)
      : { theta: differing.ropeTheta, scaling: differing.ropeScaling }
  const { bos_token_id: begin, eos_token_id: end, tie_word_embeddings: tied } = fields.source
  const config: TransformerConfig = {
    vocabularySize: fields.size("vocab_size"),
    hiddenSize,
    layers: fields.size("num_hidden_layers"),
    heads,
    keyValueHeads: fields.size("num_key_value_heads", heads),
    headSize: fields.size("head_dim", hiddenSize / heads),
    innerSize: fields.size("intermediate_size"),
    maxPositions: fields.size("max_position_embeddings"),
    normEpsilon: fields.positive("rms_norm_eps", 1e-6),
    tiedEmbeddings: tied === true,
    beginTokenId: typeof begin === "number" ? begin : undefined,
    endTokenIds: [end ?? []].flat().filter((id): id is number => typeof id === "number"),
    ...(family === llama ? {} : { family: family.modelType }),
    ...(activation === "silu" ? {} : { activation }),
    ...differing,
    ropeTheta: theta,
    ropeScaling: scaling,
  }
  const written = configToJson(config)
  const others = Object.entries(source).filter(([name]) => !Object.hasOwn(written, name))
  return { ...checkConfig(config, where), otherFields: others.length > 0 ? Object.fromEntries(others) : undefined }
}

function activationOf({ source, refuse }: ConfigFields, field: string): Activation {
  const name = source[field]
  const known = Object.entries(activations).find(([each]) => each === name)
  return (
    known?.[1] ??
    refuse(`${field} is ${JSON.stringify(name)}, only ${Object.keys(activations).join(" and ")} are supported`)
  )
}

/** The config.json that `transformers` reads back as the same model. */
export function configToJson(config: TransformerConfig): Json {
  const { endTokenIds: end, otherFields = {}, activation: ours = "silu" } = config
  const family = familyOf(config.family) ?? llama
  const activation = Object.entries(activations).find(([, each]) => each === ours)?.[0]
  return {
    ...otherFields,
    architectures: [family.architecture],
    model_type: family.modelType,
    vocab_size: config.vocabularySize,
    hidden_size: config.hiddenSize,
    num_hidden_layers: config.layers,
    num_attention_heads: config.heads,
    num_key_value_heads: config.keyValueHeads,
    head_dim: config.headSize,
    intermediate_size: config.innerSize,
    [family.activationField]: activation,
    max_position_embeddings: config.maxPositions,
    rms_norm_eps: config.normEpsilon,
    ...writeRope({ theta: config.ropeTheta, scaling: config.ropeScaling }),
    tie_word_embeddings: config.tiedEmbeddings,
    ...family.write(config),
    bos_token_id: config.beginTokenId ?? null,
    eos_token_id: end.length === 0 ? null : end.length === 1 ? end[0] : [...end],
    // Newer and older versions of transformers.
    dtype: "float32",
    torch_dtype: "float32",
  }
}

/** Fields that `transformers` takes with a decimal point only: 30 is refused, 30.0 is read. */
const pointed = /("(?:(?:attn|final)_logit_softcapping|initializer_range|rms_norm_eps)": \d+)(?=,?\n)/g

/** What config.json holds. */
export const configText = (json: Readonly<Json>): string =>
  `${JSON.stringify(json, null, 2)}\n`.replace(pointed, "$1.0")
