/** LoRA against what peft and PyTorch computed (scripts/make-adapter-fixtures.py), and against itself in other shapes. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { temporaryFolder } from "@swirl-ts/test-support"
import * as tf from "@tensorflow/tfjs-core"
import { beforeAll, describe, expect, it } from "vitest"
import { logitsOf, readTensors, rowsOf } from "../test/expected-tensors.ts"
import { initTestBackend, relativeError, smallConfig } from "../test/small-model.ts"
import { initAdapter } from "./adapter.ts"
import { readAdapterBase } from "./adapter-base.ts"
import { loadAdapter, saveAdapter } from "./adapter-folder.ts"
import { generateSequences } from "./decoder.ts"
import { forwardBackward, logProbabilities } from "./forward-backward.ts"
import { clearGradients, createGradients } from "./gradients.ts"
import { hasHalves } from "./half-tensor.ts"
import { mergeAdapters } from "./merge-adapters.ts"
import { loadModel } from "./model-folder.ts"
import { adamStep, createOptimiser, disposeOptimiser } from "./optimiser.ts"
import {
  disposeModel,
  initModel,
  type TransformerModel,
  trainedWeights,
  withAdapter,
  withoutTrained,
} from "./transformer-model.ts"
import { stateActionsOf } from "./weighted-sequence.ts"

const fixtures = fileURLToPath(new URL("../../../fixtures/transformer/", import.meta.url))
const cases = [
  { name: "all-kinds", base: "tied-grouped" },
  { name: "two-kinds", base: "untied-full" },
  { name: "rank-stabilised", base: "sharded-odd" },
]
const folderOf = (name: string): string => join(fixtures, "adapters", name)
const expectedOf = (name: string) => readTensors(join(folderOf(name), "expected.safetensors"))
const open = (name: string, base: string): TransformerModel => {
  const model = loadModel(join(fixtures, base))
  return withAdapter(model, loadAdapter(folderOf(name), model.config), true)
}

beforeAll(async () => {
  await initTestBackend()
})

describe.each(cases)("the adapter $name of peft", ({ name, base }) => {
  const expected = expectedOf(name)
  const ids = rowsOf(expected.get("ids")!)
  const weights = rowsOf(expected.get("weights")!)

  it("gives peft's logits, loss, gradients of A and B alone, and AdamW step", () => {
    const model = open(name, base)
    expect(relativeError(logitsOf(model, ids), expected.get("logits")!)).toBeLessThan(1e-4)
    const gradients = createGradients()
    const rows = ids.map((tokenIds, r) => stateActionsOf({ tokenIds, coefficients: weights[r]! }))
    const { loss } = forwardBackward(model, rows, gradients, { normaliser: 7 })
    expect(Math.abs(loss - expected.get("loss")![0]!)).toBeLessThan(1e-4 * Math.abs(loss))
    const named = [...expected.keys()].filter((key) => key.startsWith("gradient.")).map((key) => key.slice(9))
    expect([...gradients.keys()].sort()).toEqual(named.sort())
    for (const [matrix, gradient] of gradients)
      expect(relativeError(gradient.dataSync(), expected.get(`gradient.${matrix}`)!), matrix).toBeLessThan(1e-4)
    adamStep(model, gradients, createOptimiser(), { learningRate: 1e-2, beta2: 0.95, weightDecay: 0.1, clipNorm: 0.5 })
    for (const [matrix, value] of Object.entries(trainedWeights(model)))
      expect(relativeError(value.dataSync(), expected.get(`adam.${matrix}`)!), matrix).toBeLessThan(1e-3)
    disposeModel(model)
  })

  it("is saved as it was loaded, and merged weights compute the same", () => {
    const model = open(name, base)
    const folder = join(temporaryFolder(), "adapter")
    saveAdapter(folder, model.trained!, { name: `local:${base}`, digest: "abc" })
    expect(readAdapterBase(folder)).toEqual({ name: `local:${base}`, digest: "abc" })
    const again = loadAdapter(folder, model.config)
    expect({ ...again, weights: Object.keys(again.weights) }).toMatchObject({
      ...{ rank: model.trained!.rank, alpha: model.trained!.alpha, scale: model.trained!.scale },
      weights: Object.keys(model.trained!.weights),
    })
    for (const [matrix, value] of Object.entries(again.weights))
      expect(value.dataSync()).toEqual(model.trained!.weights[matrix]!.dataSync())
    expect(relativeError(logitsOf(mergeAdapters(model), ids), expected.get("logits")!)).toBeLessThan(1e-4)
  })

  it("differs in bf16 from f32 no more than torch's bf16 does", ({ skip }) => {
    if (!hasHalves()) skip()
    const half = loadModel(join(fixtures, base), { precision: "bf16" })
    const logits = logitsOf(withAdapter(half, loadAdapter(folderOf(name), half.config)), ids)
    const torch = relativeError(expected.get("logits_bf16")!, expected.get("logits")!)
    const ours = relativeError(logits, expected.get("logits")!)
    expect(ours).toBeGreaterThan(0)
    expect(ours).toBeLessThan(1.5 * torch)
  })
})

describe("a fresh adapter", () => {
  const settings = { rank: 4, alpha: 8, targets: ["q", "v", "down"] } as const
  const adapted = (seed = 1) => {
    const base = initModel(smallConfig(), 5)
    return { base, model: withAdapter(base, initAdapter(base.config, settings, seed), true) }
  }
  const sequences = [
    [2, 5, 6, 7, 8, 9],
    [2, 5, 6, 11, 12],
  ]
  const step = (model: TransformerModel, state = createOptimiser(), reference?: TransformerModel) => {
    const gradients = createGradients()
    const exactKl = reference && { weight: 0.1, reference }
    const rows = sequences.map((tokenIds) =>
      stateActionsOf({ tokenIds, coefficients: tokenIds.map((_, t) => (t > 2 ? 1 : 0)) }),
    )
    const result = forwardBackward(model, rows, gradients, { normaliser: 3, exactKl })
    adamStep(model, gradients, state, { learningRate: 0.02 })
    clearGradients(gradients)
    return { state, result }
  }

  it("changes nothing before its first step, and the policy without it nothing ever after", () => {
    const { base, model } = adapted()
    const before = logProbabilities(base, sequences)
    expect(logProbabilities(model, sequences)).toEqual(before)
    const initial = withoutTrained(model)
    const { result } = step(model, createOptimiser(), initial)
    expect(Math.abs(result.divergence)).toBeLessThan(1e-5)
    expect(step(model, createOptimiser(), initial).result.divergence).toBeGreaterThan(1e-4)
    expect(logProbabilities(initial, sequences)).toEqual(before)
    expect(logProbabilities(model, sequences)).not.toEqual(before)
  })

  it("decodes as the whole-sequence pass computes, under several adapters too", () => {
    const { model } = adapted()
    const { state } = step(model)
    for (let i = 0; i < 5; i++) step(model, state)
    const both = withAdapter(model, loadAdapterOf(initModel(smallConfig(), 5)))
    for (const each of [model, both]) {
      const [made] = generateSequences(each, [
        { promptTokenIds: [2, 5, 6], seed: 1, maxTokens: 8, temperature: 1, stopTokenIds: [] },
      ])
      const scored = logProbabilities(each, [[2, 5, 6, ...made!.tokenIds]])[0]!.subarray(2)
      expect(relativeError(made!.logProbabilities, scored)).toBeLessThan(1e-4)
    }
  })

  it("holds as many tensors after fifty steps as after two", () => {
    const { model } = adapted()
    const { state } = step(model)
    step(model, state)
    const count = tf.memory().numTensors
    for (let i = 0; i < 50; i++) step(model, state)
    expect(tf.memory().numTensors).toBe(count)
    disposeOptimiser(state)
  })

  it("holds as many tensors over a bf16 base, too, and computes its rows", ({ skip }) => {
    if (!hasHalves()) skip()
    const atStart = tf.memory().numTensors
    const base = loadModel(join(fixtures, "untied-full"), { precision: "bf16" })
    const model = withAdapter(base, initAdapter(base.config, settings, 1), true)
    const { state } = step(model)
    let count = 0
    for (let i = 0; i < 20; i++) {
      if (i === 2) count = tf.memory().numTensors
      step(model, state, withoutTrained(model))
      generateSequences(model, [{ promptTokenIds: [2, 5, 6], seed: i, maxTokens: 3, temperature: 1, stopTokenIds: [] }])
    }
    expect(tf.memory().numTensors).toBe(count)
    disposeOptimiser(state)
    disposeModel(model)
    expect(tf.memory().numTensors).toBe(atStart)
  })
})

const loadAdapterOf = (model: TransformerModel) =>
  initAdapter(model.config, { rank: 2, alpha: 2, targets: ["gate", "o"] }, 9)

describe("an adapter that cannot be computed", () => {
  const changed = (change: (json: Record<string, unknown>) => void): string => {
    const folder = temporaryFolder()
    mkdirSync(folder, { recursive: true })
    const json = JSON.parse(readFileSync(join(folderOf("all-kinds"), "adapter_config.json"), "utf8"))
    change(json)
    writeFileSync(join(folder, "adapter_config.json"), JSON.stringify(json))
    writeFileSync(
      join(folder, "adapter_model.safetensors"),
      readFileSync(join(folderOf("all-kinds"), "adapter_model.safetensors")),
    )
    return folder
  }
  const load = (folder: string, base = "tied-grouped") => loadAdapter(folder, loadModel(join(fixtures, base)).config)

  it("is refused with a sentence", () => {
    expect(() =>
      load(
        changed((json) => {
          json.use_dora = true
        }),
      ),
    ).toThrow("use_dora is set. Plain LoRA")
    expect(() =>
      load(
        changed((json) => {
          json.rank_pattern = { q_proj: 2 }
        }),
      ),
    ).toThrow("rank_pattern is set")
    expect(() =>
      load(
        changed((json) => {
          json.peft_type = "IA3"
        }),
      ),
    ).toThrow('peft_type is "IA3", not "LORA"')
    expect(() =>
      load(
        changed((json) => {
          json.r = 3
        }),
      ),
    ).toThrow("this base and rank 3 ask for [3,")
    expect(() => load(folderOf("all-kinds"), "sharded-odd")).toThrow("It is an adapter of another base.")
    expect(() => load(folderOf("all-kinds"), "bfloat16")).toThrow(/adapter of another base|no weight that/)
  })
})
