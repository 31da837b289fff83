/** What a GGUF file's metadata becomes, where families differ. */
import { join } from "node:path"
import { temporaryFolder } from "@swirl-ts/test-support"
import { describe, expect, it } from "vitest"
import { type Metadata, writeGguf } from "../test/write-gguf.ts"
import { openCheckpoint } from "./checkpoint.ts"

const ones = (count: number) => Array.from({ length: count }, () => 1)

function fileOf(
  architecture: string,
  more: Metadata,
  tensors: Parameters<typeof writeGguf>[1]["tensors"] = {},
): string {
  const file = join(temporaryFolder(), "model.gguf")
  const own = Object.entries({
    embedding_length: 8,
    block_count: 2,
    "attention.head_count": 2,
    "attention.head_count_kv": 1,
    context_length: 16384,
    feed_forward_length: 8,
    "attention.layer_norm_rms_epsilon": Math.fround(1e-6),
    ...more,
  }).map(([name, value]) => [`${architecture}.${name}`, value])
  writeGguf(file, {
    metadata: { "general.architecture": architecture, ...Object.fromEntries(own) },
    tensors: { "token_embd.weight": { shape: [4, 8], values: ones(32) }, ...tensors },
  })
  return file
}
const configOf = (...from: Parameters<typeof fileOf>) => openCheckpoint(fileOf(...from)).config().json

describe("the config of a GGUF file", () => {
  it("of Qwen 2 and 3 has their names and head sizes", () => {
    expect(configOf("qwen2", { "rope.freq_base": 1e6 })).toMatchObject({
      architectures: ["Qwen2ForCausalLM"],
      model_type: "qwen2",
      head_dim: 4,
      num_key_value_heads: 1,
      rope_theta: 1e6,
      rms_norm_eps: 1e-6,
      tie_word_embeddings: true,
    })
    expect(configOf("qwen3", { "attention.key_length": 16 })).toMatchObject({ model_type: "qwen3", head_dim: 16 })
  })

  it("of Gemma 2 has the caps, the window and which layers have it", () => {
    const more = { "attention.key_length": 4, attn_logit_softcapping: 50, "attention.sliding_window": 8 }
    expect(configOf("gemma2", more)).toMatchObject({
      architectures: ["Gemma2ForCausalLM"],
      hidden_activation: "gelu_pytorch_tanh",
      query_pre_attn_scalar: 4,
      attn_logit_softcapping: 50,
      final_logit_softcapping: 30,
      sliding_window: 8,
      layer_types: ["sliding_attention", "full_attention"],
    })
    const largest = { ...more, block_count: 46, "attention.key_length": 128, embedding_length: 288 }
    expect(configOf("gemma2", largest)).toMatchObject({ query_pre_attn_scalar: 144 })
  })

  it("of Gemma 3 has two rotary bases and a full layer in six", () => {
    expect(configOf("gemma3", { block_count: 7, "attention.sliding_window": 512 })).toMatchObject({
      model_type: "gemma3_text",
      rope_theta: 1e6,
      rope_local_base_freq: 1e4,
      final_logit_softcapping: null,
      layer_types: [...Array(5).fill("sliding_attention"), "full_attention", "sliding_attention"],
    })
    expect(configOf("gemma3", { "attention.sliding_window_pattern": [false, true] })).toMatchObject({
      layer_types: ["full_attention", "sliding_attention"],
    })
    expect(configOf("gemma3", { "rope.scaling.type": "linear", "rope.scaling.factor": 8 })).toMatchObject({
      rope_scaling: { rope_type: "linear", factor: 8 },
    })
  })

  it("names every token that ends a turn", () => {
    const file = join(temporaryFolder(), "ends.gguf")
    const ids = { "tokenizer.ggml.eos_token_id": 2, "tokenizer.ggml.eot_token_id": 7, "tokenizer.ggml.eom_token_id": 2 }
    writeGguf(file, { metadata: { "general.architecture": "llama", ...ids, "tokenizer.ggml.padding_token_id": 3 } })
    expect(openCheckpoint(file).generationConfig()).toEqual({
      bos_token_id: null,
      eos_token_id: [2, 7],
      pad_token_id: 3,
    })
  })

  /** As llama.cpp's converter computes them from a config.json. */
  const scaled = (factor: number, original: number, theta: number, pairs: number) =>
    Array.from({ length: pairs }, (_, pair) => {
      const wavelength = 2 * Math.PI * theta ** (pair / pairs)
      if (wavelength < original / 4) return 1
      if (wavelength > original) return factor
      const smooth = (original / wavelength - 1) / 3
      return 1 / ((1 - smooth) / factor + smooth)
    })

  it.each([
    [8, 8192],
    [32, 8192],
    [8, 64],
  ])("finds Llama 3's rope scaling in its factors: %d, %d", (factor, original) => {
    const values = scaled(factor, original, 5e5, 16)
    const rope = { "rope_freqs.weight": { shape: [16], values } }
    expect(configOf("llama", { "rope.freq_base": 5e5, "rope.dimension_count": 32 }, rope)).toMatchObject({
      head_dim: 32,
      rope_scaling: {
        rope_type: "llama3",
        factor,
        low_freq_factor: 1,
        high_freq_factor: 4,
        original_max_position_embeddings: original,
      },
    })
  })

  it("refuses other factors, and says nothing of factors that are 1", () => {
    const rope = (values: number[]) => ({ "rope_freqs.weight": { shape: [values.length], values } })
    expect(configOf("llama", {}, rope([1, 1]))).not.toHaveProperty("rope_scaling")
    expect(() => configOf("llama", {}, rope([3, 1, 2, 8]))).toThrow(
      "model.gguf: the factors of rope_freqs.weight are not those of Llama 3's rope scaling.",
    )
  })
})

describe("the weights of a GGUF file", () => {
  const all = (architecture: string, tensors: Parameters<typeof writeGguf>[1]["tensors"]) =>
    Object.fromEntries(
      [...openCheckpoint(fileOf(architecture, {}, tensors)).weights()].map(({ name, data }) => [name, [...data]]),
    )
  const norm = { shape: [2], values: [1.5, 0.75] }

  it("of Gemma are under the names of its four norms, without the 1 that was added", () => {
    const names = ["attn_norm", "post_attention_norm", "ffn_norm", "post_ffw_norm", "attn_q_norm"]
    const tensors = Object.fromEntries(names.map((name) => [`blk.1.${name}.weight`, norm]))
    const { "model.embed_tokens.weight": _, ...found } = all("gemma3", { ...tensors, "output_norm.weight": norm })
    const layer = "model.layers.1."
    expect(found).toEqual({
      [`${layer}input_layernorm.weight`]: [0.5, -0.25],
      [`${layer}post_attention_layernorm.weight`]: [0.5, -0.25],
      [`${layer}pre_feedforward_layernorm.weight`]: [0.5, -0.25],
      [`${layer}post_feedforward_layernorm.weight`]: [0.5, -0.25],
      [`${layer}self_attn.q_norm.weight`]: [0.5, -0.25],
      "model.norm.weight": [0.5, -0.25],
    })
  })

  it("have the halves of each head apart in llama alone, by the heads of each", () => {
    const rows = (count: number) => ({ shape: [count, 1], values: Array.from({ length: count }, (_, row) => row) })
    const tensors = {
      "blk.0.attn_q.weight": rows(8),
      "blk.0.attn_k.weight": rows(4),
      "blk.0.attn_q.bias": { shape: [8], values: rows(8).values },
    }
    const [q, k] = ["model.layers.0.self_attn.q_proj", "model.layers.0.self_attn.k_proj.weight"]
    const llama = all("llama", tensors)
    expect(llama[`${q}.weight`]).toEqual([0, 2, 1, 3, 4, 6, 5, 7])
    expect(llama[`${q}.bias`]).toEqual([0, 2, 1, 3, 4, 6, 5, 7])
    expect(llama[k!]).toEqual([0, 2, 1, 3])
    expect(all("qwen2", tensors)[`${q}.weight`]).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  })
})
