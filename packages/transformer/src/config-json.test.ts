import { describe, expect, it } from "vitest"
import { smallConfig } from "../test/small-model.ts"
import { configToJson, parseConfig } from "./config-json.ts"
import { countParameters } from "./parameters.ts"

const llama = { ...configToJson(smallConfig()) }

describe("config", () => {
  it("comes back from its JSON, with the rotary base in either place", () => {
    expect(parseConfig(llama)).toEqual(smallConfig())
    const { rope_parameters: _, ...old } = llama
    expect(parseConfig({ ...old, rope_theta: 5e5 }).ropeTheta).toBe(5e5)
    expect(parseConfig({ ...llama, rope_theta: undefined, rope_parameters: { rope_theta: 1e6 } }).ropeTheta).toBe(1e6)
  })

  it.each([
    [{ model_type: "mixtral" }, 'model_type is "mixtral"; supported are llama, qwen2, qwen3, gemma2, gemma3_text'],
    [{ rope_scaling: { rope_type: "yarn", factor: 2 } }, 'rope scaling "yarn" is not supported'],
    [{ rope_scaling: { rope_type: "llama3", factor: 2 } }, 'rope scaling "llama3" needs a positive low_freq_factor'],
    [{ rope_parameters: { type: "linear" }, rope_scaling: null }, 'rope scaling "linear" needs a positive factor'],
    [{ rope_parameters: { full_attention: { rope_theta: 1e6 } } }, "rope_parameters by the type of the layer"],
    [{ partial_rotary_factor: 0.5 }, "partial_rotary_factor is not supported"],
    [{ quantization_config: { bits: 4 } }, "quantization_config is not supported"],
    [{ is_causal: false }, "is_causal is false"],
    [
      { model_type: "gemma3_text", rope_scaling: { type: "linear", factor: 4 } },
      "rope_scaling has a type, but no rope_type",
    ],
    [
      { per_layer_config: { "1": { intermediate_size: 8 } } },
      "per_layer_config, by which layers differ, is not supported",
    ],
    [{ hidden_act: null }, "hidden_act is null"],
    [{ model_type: "gemma2", hidden_activation: null }, "hidden_activation is null"],
    [{ rms_norm_eps: "small" }, "rms_norm_eps should be a positive number"],
    [
      { model_type: "qwen2", sliding_window: 8, layer_types: ["full_attention", "sliding_attention"] },
      "use_sliding_window is not true",
    ],
    [
      { model_type: "qwen3", layer_types: ["full_attention", "chunked_attention"] },
      'layer_types has "chunked_attention"',
    ],
    [{ model_type: "qwen3", layer_types: ["full_attention"] }, "layer_types should name the types of 2 layers"],
    [{ model_type: "gemma2", sliding_window: null }, "sliding_window should be a positive whole number"],
    [{ model_type: "gemma2", hidden_activation: "gelu" }, 'hidden_activation is "gelu"'],
    [{ model_type: "gemma3_text", attn_logit_softcapping: 50 }, "attn_logit_softcapping is not supported"],
    [{ model_type: "gemma3_text", use_bidirectional_attention: true }, "use_bidirectional_attention"],
    [{ hidden_act: "gelu" }, 'hidden_act is "gelu"'],
    [{ num_key_value_heads: 3 }, "4 heads cannot share 3"],
    [{ hidden_size: "big" }, "hidden_size should be a positive whole number"],
    [{ head_dim: 7 }, "odd"],
  ])("refuses %j with a sentence", (change, message) => {
    expect(() => parseConfig({ ...llama, ...change }, "x/config.json")).toThrow(message)
  })

  it("has what transformers assumes where a family's config.json leaves a field out", () => {
    const { num_key_value_heads: _, head_dim: __, tie_word_embeddings: ___, ...sizes } = llama
    const bare = { ...sizes, rope_parameters: undefined, rope_theta: undefined }
    expect(parseConfig({ ...bare, model_type: "gemma2", num_hidden_layers: 3 })).toMatchObject({
      keyValueHeads: 4,
      headSize: 256,
      tiedEmbeddings: true,
      queryScalar: 256,
      attentionSoftCap: 50,
      logitSoftCap: 30,
      slidingWindow: 4096,
      slidingLayers: [true, false, true],
      ropeTheta: 10_000,
      activation: "gelu-tanh",
    })
    const gemma3 = parseConfig({ ...bare, model_type: "gemma3_text", num_hidden_layers: 7 })
    expect(gemma3).toMatchObject({ ropeTheta: 1e6, slidingRope: { theta: 1e4 }, queryKeyNorms: true })
    expect(gemma3.slidingLayers).toEqual([true, true, true, true, true, false, true])
    expect(gemma3.attentionSoftCap).toBeUndefined()
    const qwen2 = parseConfig({ ...llama, model_type: "qwen2", use_sliding_window: false, sliding_window: 4096 })
    expect(qwen2.slidingWindow).toBeUndefined()
    expect(qwen2.biases).toEqual(["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"])
    expect(configToJson(qwen2)).toMatchObject({ use_sliding_window: false, sliding_window: 4096 })
  })

  it("reads a rope as transformers does where more than one place says it", () => {
    const old = { ...llama, rope_parameters: undefined, rope_theta: undefined }
    const linear = { rope_type: "linear", factor: 4 }
    const both = { ...old, rope_scaling: linear, rope_parameters: { rope_type: "default", rope_theta: 1e6 } }
    expect(parseConfig(both)).toMatchObject({ ropeTheta: 10_000, ropeScaling: { type: "linear", factor: 4 } })
    expect(parseConfig({ ...both, rope_theta: 300 }).ropeTheta).toBe(300)
    expect(parseConfig({ ...both, rope_theta: 300, rope_scaling: { ...linear, rope_theta: 77 } }).ropeTheta).toBe(77)
    const llama3 = { rope_type: "llama3", factor: 8, low_freq_factor: 1, high_freq_factor: 4, rope_theta: 1e4 }
    const original = (change: object) =>
      parseConfig({ ...old, rope_parameters: llama3, ...change }).ropeScaling as { originalMaxPositions: number }
    expect(original({}).originalMaxPositions).toBe(128)
    const own = { ...llama3, original_max_position_embeddings: 16 }
    expect(original({ rope_parameters: own }).originalMaxPositions).toBe(16)
    expect(original({ rope_parameters: own, original_max_position_embeddings: 32 }).originalMaxPositions).toBe(32)
  })

  it("counts the parameters, a tied embedding once", () => {
    // Embedding 40 · 32, final norm 32; a layer: q and o 32 · 32 each, k and v 16 · 32 each, three of 48 · 32, two norms.
    const layer = 2 * 32 * 32 + 2 * 16 * 32 + 3 * 48 * 32 + 2 * 32
    expect(countParameters(smallConfig())).toBe(40 * 32 + 32 + 2 * layer)
    expect(countParameters(smallConfig({ tiedEmbeddings: false }))).toBe(2 * 40 * 32 + 32 + 2 * layer)
  })
})
