/**
 * The shape of a Llama-family model, read from and written to Hugging Face's config.json.
 * Invariant: a config that leaves `parseConfig` is one this package computes exactly; everything else is refused with a sentence.
 */

type Json = Record<string, unknown>

/** Shape of a decoder-only Llama model. Sizes are element counts. */
export interface TransformerConfig {
  vocabularySize: number
  hiddenSize: number
  layers: number
  heads: number
  keyValueHeads: number
  headSize: number
  innerSize: number
  maxPositions: number
  ropeTheta: number
  normEpsilon: number
  tiedEmbeddings: boolean
  beginTokenId?: number
  endTokenIds: readonly number[]
  /** What else a config.json said, which is not about the shape (pad_token_id, dropout, …): written back with it. */
  otherFields?: Readonly<Json>
}

/** Reads a parsed config.json; `where` names it in errors. Throws an Error saying what is not supported. */
export function parseConfig(json: unknown, where = "config.json"): TransformerConfig {
  if (typeof json !== "object" || json === null) throw new Error(`${where}: not a JSON object.`)
  const source = json as Json
  const refuse = (what: string): never => {
    throw new Error(`${where}: ${what}. This package computes plain Llama models only (LlamaForCausalLM).`)
  }
  if (source.model_type !== "llama") refuse(`model_type is ${JSON.stringify(source.model_type)}, not "llama"`)
  if (source.attention_bias) refuse("attention_bias is not supported")
  if (source.mlp_bias) refuse("mlp_bias is not supported")
  const activation = source.hidden_act ?? "silu"
  if (activation !== "silu") refuse(`hidden_act is ${JSON.stringify(activation)}, only "silu" is supported`)
  const rope = (source.rope_parameters ?? {}) as Json
  const scaling = (source.rope_scaling ?? {}) as Json
  for (const ropeType of [rope.rope_type, scaling.rope_type, scaling.type])
    if ((ropeType ?? "default") !== "default") refuse(`rope scaling ${JSON.stringify(ropeType)} is not supported`)
  if (Number(rope.partial_rotary_factor ?? source.partial_rotary_factor ?? 1) !== 1)
    refuse("partial_rotary_factor is not supported")
  const size = (name: string, fallback?: number): number => {
    const value = source[name] ?? fallback
    if (typeof value !== "number" || !Number.isInteger(value) || value < 1)
      throw new Error(`${where}: ${name} should be a positive whole number, got ${JSON.stringify(value)}.`)
    return value
  }
  const hiddenSize = size("hidden_size")
  const heads = size("num_attention_heads")
  const config: TransformerConfig = {
    vocabularySize: size("vocab_size"),
    hiddenSize,
    layers: size("num_hidden_layers"),
    heads,
    keyValueHeads: size("num_key_value_heads", heads),
    headSize: size("head_dim", hiddenSize / heads),
    innerSize: size("intermediate_size"),
    maxPositions: size("max_position_embeddings", 2048),
    ropeTheta: Number(rope.rope_theta ?? source.rope_theta ?? 10_000),
    normEpsilon: Number(source.rms_norm_eps ?? 1e-6),
    tiedEmbeddings: source.tie_word_embeddings === true,
    beginTokenId: typeof source.bos_token_id === "number" ? source.bos_token_id : undefined,
    endTokenIds: [source.eos_token_id ?? []].flat().filter((id): id is number => typeof id === "number"),
  }
  const written = configToJson(config)
  const others = Object.entries(source).filter(([name]) => !Object.hasOwn(written, name))
  return { ...checkConfig(config, where), otherFields: others.length > 0 ? Object.fromEntries(others) : undefined }
}

/** The same config if its numbers fit together; throws otherwise. */
export function checkConfig(config: TransformerConfig, where = "config"): TransformerConfig {
  if (config.heads % config.keyValueHeads !== 0)
    throw new Error(`${where}: ${config.heads} heads cannot share ${config.keyValueHeads} key-value heads evenly.`)
  if (config.headSize % 2 !== 0)
    throw new Error(`${where}: head size ${config.headSize} is odd; rotary positions need it even.`)
  return config
}

/** The config.json that `transformers` reads back as the same model. */
export function configToJson(config: TransformerConfig): Json {
  const { endTokenIds: end, otherFields = {} } = config
  return {
    ...otherFields,
    architectures: ["LlamaForCausalLM"],
    model_type: "llama",
    vocab_size: config.vocabularySize,
    hidden_size: config.hiddenSize,
    num_hidden_layers: config.layers,
    num_attention_heads: config.heads,
    num_key_value_heads: config.keyValueHeads,
    head_dim: config.headSize,
    intermediate_size: config.innerSize,
    hidden_act: "silu",
    max_position_embeddings: config.maxPositions,
    rms_norm_eps: config.normEpsilon,
    rope_theta: config.ropeTheta,
    rope_parameters: { rope_theta: config.ropeTheta, rope_type: "default" },
    tie_word_embeddings: config.tiedEmbeddings,
    attention_bias: false,
    mlp_bias: false,
    bos_token_id: config.beginTokenId ?? null,
    eos_token_id: end.length === 0 ? null : end.length === 1 ? end[0] : [...end],
    // Newer and older versions of transformers.
    dtype: "float32",
    torch_dtype: "float32",
  }
}
