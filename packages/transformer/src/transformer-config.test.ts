import { describe, expect, it } from "vitest"
import { smallConfig } from "../test/small-model.ts"
import { countParameters } from "./parameters.ts"
import { configToJson, parseConfig } from "./transformer-config.ts"

const llama = { ...configToJson(smallConfig()) }

describe("config", () => {
  it("comes back from its JSON, with the rotary base in either place", () => {
    expect(parseConfig(llama)).toEqual(smallConfig())
    const { rope_parameters: _, ...old } = llama
    expect(parseConfig({ ...old, rope_theta: 5e5 }).ropeTheta).toBe(5e5)
    expect(parseConfig({ ...llama, rope_theta: undefined, rope_parameters: { rope_theta: 1e6 } }).ropeTheta).toBe(1e6)
  })

  it.each([
    [{ model_type: "qwen2" }, 'model_type is "qwen2"'],
    [{ rope_scaling: { rope_type: "llama3" } }, 'rope scaling "llama3"'],
    [{ attention_bias: true }, "attention_bias"],
    [{ hidden_act: "gelu" }, 'hidden_act is "gelu"'],
    [{ num_key_value_heads: 3 }, "4 heads cannot share 3"],
    [{ hidden_size: "big" }, "hidden_size should be a positive whole number"],
    [{ head_dim: 7 }, "odd"],
  ])("refuses %j with a sentence", (change, message) => {
    expect(() => parseConfig({ ...llama, ...change }, "x/config.json")).toThrow(message)
  })

  it("counts the parameters, a tied embedding once", () => {
    // Embedding 40 · 32, final norm 32; a layer: q and o 32 · 32 each, k and v 16 · 32 each, three of 48 · 32, two norms.
    const layer = 2 * 32 * 32 + 2 * 16 * 32 + 3 * 48 * 32 + 2 * 32
    expect(countParameters(smallConfig())).toBe(40 * 32 + 32 + 2 * layer)
    expect(countParameters(smallConfig({ tiedEmbeddings: false }))).toBe(2 * 40 * 32 + 32 + 2 * layer)
  })
})
