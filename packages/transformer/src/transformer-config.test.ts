import { describe, expect, it } from "vitest"
import { countParameters } from "./parameters.ts"
import { learningRateAt } from "./schedule.ts"
import { smallConfig } from "./testing.ts"
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

  it("counts the parameters of the nano policy", () => {
    const nano = smallConfig({ vocabularySize: 254, hiddenSize: 96, layers: 4, headSize: 24, innerSize: 256 })
    expect(countParameters(nano)).toBe(430_752)
  })
})

describe("learning rate", () => {
  it("warms up, then stays or falls to the floor", () => {
    const constant = { kind: "constant", peak: 1, warmupSteps: 4 } as const
    expect([0, 1, 3, 4, 100].map((step) => learningRateAt(constant, step))).toEqual([0.25, 0.5, 1, 1, 1])
    const cosine = { kind: "cosine", peak: 1, totalSteps: 10, floor: 0.2 } as const
    expect([0, 5, 10, 20].map((step) => Number(learningRateAt(cosine, step).toFixed(6)))).toEqual([1, 0.6, 0.2, 0.2])
  })
})
