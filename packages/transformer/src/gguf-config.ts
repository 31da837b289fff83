/**
 * The metadata of a GGUF file as the config.json of a Hugging Face folder. What a family leaves out of its metadata
 * because its readers know it (Gemma's query scale and local base) is said here.
 */
import type { GgufHeader, GgufValue } from "./gguf-header.ts"
import { llama3Scaling } from "./gguf-rope.ts"

type Json = Record<string, unknown>
type Get = (name: string) => GgufValue | undefined

/** A family by its name in GGUF: what its config.json calls it, and what else it says. */
interface Family {
  architecture: string
  modelType: string
  fields(get: Get, common: Json, tensors: GgufHeader["tensors"]): Json
}

const gemma = { hidden_activation: "gelu_pytorch_tanh", attention_bias: false }

/** The two models of 27 B scale their queries by the width of the hidden state, all others by that of a head. */
const queryScale = (
  { hidden_size, num_attention_heads, num_hidden_layers, head_dim }: Json,
  largest: number,
): Json => ({
  query_pre_attn_scalar:
    num_hidden_layers === largest ? Number(hidden_size) / Number(num_attention_heads) : Number(head_dim),
})

/** Which layers have a window: all but every `period`th, or as the file says layer by layer. */
const layerTypes = (layers: unknown, period: number, said?: GgufValue): Json => ({
  layer_types: Array.from({ length: Number(layers) }, (_, layer) =>
    (Array.isArray(said) ? said[layer] : (layer + 1) % Number(said ?? period) !== 0)
      ? "sliding_attention"
      : "full_attention",
  ),
})

const families: Readonly<Record<string, Family>> = {
  llama: {
    architecture: "LlamaForCausalLM",
    modelType: "llama",
    fields: (get, { head_dim }, tensors) => ({
      hidden_act: "silu",
      head_dim: get("attention.key_length") ?? get("rope.dimension_count") ?? head_dim,
      attention_bias: tensors.has("blk.0.attn_q.bias"),
      mlp_bias: tensors.has("blk.0.ffn_gate.bias"),
    }),
  },
  qwen2: {
    architecture: "Qwen2ForCausalLM",
    modelType: "qwen2",
    fields: () => ({ hidden_act: "silu", use_sliding_window: false }),
  },
  qwen3: {
    architecture: "Qwen3ForCausalLM",
    modelType: "qwen3",
    fields: (_get, _common, tensors) => ({
      hidden_act: "silu",
      attention_bias: tensors.has("blk.0.attn_q.bias"),
      use_sliding_window: false,
    }),
  },
  gemma2: {
    architecture: "Gemma2ForCausalLM",
    modelType: "gemma2",
    fields: (get, common) => ({
      ...gemma,
      ...queryScale(common, 46),
      ...layerTypes(common.num_hidden_layers, 2, get("attention.sliding_window_pattern")),
      attn_logit_softcapping: get("attn_logit_softcapping") ?? 50,
      final_logit_softcapping: get("final_logit_softcapping") ?? 30,
      sliding_window: get("attention.sliding_window") ?? 4096,
    }),
  },
  gemma3: {
    architecture: "Gemma3ForCausalLM",
    modelType: "gemma3_text",
    fields: (get, common) => ({
      ...gemma,
      ...queryScale(common, 62),
      ...layerTypes(common.num_hidden_layers, 6, get("attention.sliding_window_pattern")),
      rope_theta: get("rope.freq_base") ?? 1_000_000,
      rope_local_base_freq: get("rope.freq_base_swa") ?? 10_000,
      attn_logit_softcapping: null,
      final_logit_softcapping: get("final_logit_softcapping") ?? null,
      sliding_window: get("attention.sliding_window") ?? 1024,
    }),
  },
}

/** The architecture a file names; throws where it is none of the families. */
export function ggufArchitecture({ file, metadata }: GgufHeader): string {
  const architecture = metadata.get("general.architecture")
  if (typeof architecture !== "string" || !Object.hasOwn(families, architecture))
    throw new Error(
      `${file}: its architecture is ${JSON.stringify(architecture ?? null)}; ${Object.keys(families).join(", ")} are supported.`,
    )
  return architecture
}

/** `scaling` gives the values of `rope_freqs.weight` where the file has it. */
export function ggufConfig(header: GgufHeader, scaling: () => Float32Array | undefined): Json {
  const { file, metadata, tensors } = header
  const architecture = ggufArchitecture(header)
  const { architecture: name, modelType, fields } = families[architecture]!
  const get: Get = (key) => shortest(metadata.get(`${architecture}.${key}`))
  const number = (key: string): number => {
    const value = get(key)
    if (typeof value !== "number") throw new Error(`${file}: ${architecture}.${key} should be a number, got ${value}.`)
    return value
  }
  const embedding = tensors.get("token_embd.weight")
  if (embedding?.shape.length !== 2) throw new Error(`${file}: the tensor token_embd.weight is missing.`)
  const [hidden, heads] = [number("embedding_length"), number("attention.head_count")]
  const ropeTheta = get("rope.freq_base") ?? 10_000
  const common: Json = {
    architectures: [name],
    model_type: modelType,
    vocab_size: embedding.shape[0],
    hidden_size: hidden,
    intermediate_size: number("feed_forward_length"),
    num_hidden_layers: number("block_count"),
    num_attention_heads: heads,
    num_key_value_heads: get("attention.head_count_kv") ?? heads,
    head_dim: get("attention.key_length") ?? hidden / heads,
    max_position_embeddings: number("context_length"),
    rms_norm_eps: number("attention.layer_norm_rms_epsilon"),
    rope_theta: ropeTheta,
    ...ropeScaling(get, () => {
      const factors = scaling()
      return factors && llama3Scaling(factors, Number(ropeTheta), number("context_length"), file)
    }),
    tie_word_embeddings: !tensors.has("output.weight"),
  }
  return { ...common, ...fields(get, common, tensors), ...ggufTokenIds(metadata) }
}

function ropeScaling(get: Get, llama3: () => Json | undefined): Json {
  const type = get("rope.scaling.type") ?? "none"
  const factor = get("rope.scaling.factor") ?? get("rope.scale_linear")
  const scaling =
    type !== "none"
      ? { rope_type: type, factor, original_max_position_embeddings: get("rope.scaling.original_context_length") }
      : typeof factor === "number" && factor !== 1
        ? { rope_type: "linear", factor }
        : llama3()
  return scaling ? { rope_scaling: scaling } : {}
}

/** The ids that config.json and generation_config.json name. */
export function ggufTokenIds(metadata: GgufHeader["metadata"]): Json {
  const id = (name: string): number | undefined => {
    const value = metadata.get(`tokenizer.ggml.${name}_token_id`)
    return typeof value === "number" ? value : undefined
  }
  const ends = [...new Set([id("eos"), id("eot"), id("eom")].filter((end) => end !== undefined))]
  return {
    bos_token_id: id("bos") ?? null,
    eos_token_id: ends.length > 1 ? ends : (ends[0] ?? null),
    ...(id("padding") === undefined ? {} : { pad_token_id: id("padding") }),
  }
}

/** A 32-bit float as the shortest decimal that is the same one: 1e-5, not 9.999999747378752e-6. */
function shortest(value: GgufValue | undefined): GgufValue | undefined {
  if (typeof value !== "number" || Number.isInteger(value) || Math.fround(value) !== value) return value
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits))
    if (Math.fround(short) === value) return short
  }
  return value
}
