/**
 * Every family against what PyTorch and transformers computed for a tiny checkpoint of it (scripts/make-family-fixtures.py):
 * the whole sequence, the gradient of every weight, packed tries, and 100 tokens decoded greedily from a cache.
 */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { temporaryFolder } from "@swirl-ts/test-support"
import * as tf from "@tensorflow/tfjs-core"
import { beforeAll, describe, expect, it } from "vitest"
import { logitsOf, readTensors, rowsOf } from "../test/expected-tensors.ts"
import { meanError, relativeError } from "../test/small-model.ts"
import { adapterTargets, initAdapter } from "./adapter.ts"
import { type BackendName, initBackend } from "./backend.ts"
import { parseConfig } from "./config-json.ts"
import { createDecoder, generateSequences } from "./decoder.ts"
import { evaluateLoss, forwardBackward, logProbabilities } from "./forward-backward.ts"
import { createGradients, type Gradients } from "./gradients.ts"
import { hasHalves } from "./half-tensor.ts"
import { loadModel, saveModel } from "./model-folder.ts"
import type { StateActions } from "./packing.ts"
import { parameterNames } from "./parameters.ts"
import { createPrefixCache } from "./prefix-cache.ts"
import { disposeModel, type TransformerModel, withAdapter } from "./transformer-model.ts"
import { stateActionsOf } from "./weighted-sequence.ts"

const folderOf = (name: string): string =>
  fileURLToPath(new URL(`../../../fixtures/transformer/families/${name}`, import.meta.url))
const promptLength = 5

const expectedOf = (name: string) => readTensors(join(folderOf(name), "expected.safetensors"))

/** States of one conversation that begin alike, and actions that begin alike: a trie whose branches are longer than any window. */
const nestedStates = (row: readonly number[]): StateActions[] =>
  [6, 9, 13].map((end, step) => ({
    state: row.slice(0, end),
    actions: [0, 1, 2].map((a) => {
      const tokenIds = [...row.slice(3, 5 + step), ...row.slice(a, a + 6)]
      return { tokenIds, coefficients: tokenIds.map((_, t) => ((t * 7 + a * 3 + step) % 5) / 5 - 0.4), count: 1 + a }
    }),
  }))

/** Sums over other rows in another order are rounded to bf16 one step apart here and there. */
const halfTolerance = 0.03

const expectSame = (a: Gradients, b: Gradients, tolerance = 2e-5): void => {
  expect([...a.keys()].sort()).toEqual([...b.keys()].sort())
  for (const [name, value] of a)
    expect(relativeError(value.dataSync(), b.get(name)!.dataSync()), name).toBeLessThan(tolerance)
}

const families = ["llama-biases", "llama-linear", "qwen2", "qwen2-window", "qwen3", "gemma2", "gemma3"]

const tested = (process.env.SWIRL_TEST_BACKEND ?? "wasm") as BackendName

describe.each(
  [...new Set<BackendName>([tested, "cpu"])].flatMap((backend) => families.map((name) => ({ backend, name }))),
)("$name on $backend", ({ backend, name }) => {
  beforeAll(() => initBackend(backend, { peersDirectory: process.env.SWIRL_PEERS }))

  const withModel = (use: (model: TransformerModel) => void): void => {
    const model = loadModel(folderOf(name))
    try {
      use(model)
    } finally {
      disposeModel(model)
    }
  }

  it("gives PyTorch's logits, log-probabilities, loss and gradients", () =>
    withModel((model) => {
      const expected = expectedOf(name)
      const ids = rowsOf(expected.get("ids")!)
      const weights = rowsOf(expected.get("weights")!)
      expect(relativeError(logitsOf(model, ids), expected.get("logits")!)).toBeLessThan(1e-4)
      const logs = logProbabilities(model, ids).flatMap((row) => [...row])
      expect(relativeError(logs, expected.get("log_probabilities")!)).toBeLessThan(1e-4)
      const gradients = createGradients()
      const states = ids.map((tokenIds, r) => stateActionsOf({ tokenIds, coefficients: weights[r]! }))
      const { loss } = forwardBackward(model, states, gradients, { normaliser: 7 })
      expect(Math.abs(loss - expected.get("loss")![0]!)).toBeLessThan(1e-4 * Math.abs(loss))
      expect([...gradients.keys()].sort()).toEqual(parameterNames(model.config).sort())
      for (const [parameter, gradient] of gradients)
        expect(relativeError(gradient.dataSync(), expected.get(`gradient.${parameter}`)!), parameter).toBeLessThan(1e-4)
    }))

  it("decodes PyTorch's 100 tokens greedily, alone, among others, and behind a prefix that was kept", () =>
    withModel((model) => {
      const expected = expectedOf(name)
      const [first, second] = rowsOf(expected.get("ids")!)
      const greedy = [...expected.get("greedy")!]
      const request = { promptTokenIds: first!.slice(0, promptLength), seed: 1, maxTokens: 100, temperature: 0 }
      const other = { promptTokenIds: second!, seed: 2, maxTokens: 40 }
      const options = { stopTokenIds: [] }
      expect(generateSequences(model, [request], options)[0]!.tokenIds).toEqual(greedy)
      const together = generateSequences(model, [other, request, { ...other, seed: 3, maxTokens: 9 }], options)
      expect(together[1]!.tokenIds).toEqual(greedy)
      const longer = { ...request, promptTokenIds: [...request.promptTokenIds, ...greedy.slice(0, 20)], maxTokens: 80 }
      const sharing = generateSequences(model, [request, request, request, longer, longer], options)
      expect(sharing.map(({ tokenIds }) => tokenIds)).toEqual([
        greedy,
        greedy,
        greedy,
        greedy.slice(20),
        greedy.slice(20),
      ])
      const prefixCache = createPrefixCache(model.config)
      const decoder = createDecoder(model, { ...options, prefixCache })
      const finish = () => {
        const done = []
        while (decoder.pending > 0) done.push(...decoder.step())
        return done.map(({ generation }) => generation)
      }
      decoder.add({ ...request, maxTokens: 60 })
      finish()
      const continued = {
        ...request,
        promptTokenIds: [...request.promptTokenIds, ...greedy.slice(0, 30)],
        maxTokens: 70,
      }
      decoder.add(continued)
      const [rest] = finish()
      expect(prefixCache.hits).toBe(1)
      expect(rest!.tokenIds).toEqual(greedy.slice(30))
      const full = logProbabilities(model, [[...continued.promptTokenIds, ...rest!.tokenIds]])[0]!
      expect(relativeError(rest!.logProbabilities, full.subarray(continued.promptTokenIds.length - 1))).toBeLessThan(
        1e-4,
      )
      decoder.dispose()
      prefixCache.clear()
    }))

  it("gives a trie, whole or as trunk and leaves, the gradients of its rows one by one", () =>
    withModel((model) => {
      const row = rowsOf(expectedOf(name).get("ids")!)[0]!
      const states = nestedStates(row)
      const rows = createGradients()
      for (const { state, actions } of states)
        for (const action of actions) forwardBackward(model, [{ state, actions: [action] }], rows, { normaliser: 3 })
      for (const tokenBudget of [4096, 24]) {
        const packed = createGradients()
        forwardBackward(model, states, packed, { normaliser: 3, tokenBudget })
        expectSame(packed, rows)
      }
    }))

  it("differs in bf16 from f32 no more than torch's bf16 does, and packs the same there", ({ skip }) => {
    if (!hasHalves()) skip()
    const expected = expectedOf(name)
    const ids = rowsOf(expected.get("ids")!)
    const base = loadModel(folderOf(name), { precision: "bf16" })
    const torch = readTensors(join(folderOf(name), "expected-bf16.safetensors")).get("logits")!
    const exact = expected.get("logits")!
    const ours = meanError(logitsOf(base, ids), exact)
    expect(ours).toBeGreaterThan(0)
    expect(ours).toBeLessThan(1.2 * meanError(torch, exact))
    const model = withAdapter(base, initAdapter(base.config, { rank: 4, alpha: 8, targets: adapterTargets }, 1), true)
    const states = nestedStates(ids[0]!)
    const rows = createGradients()
    for (const { state, actions } of states)
      for (const action of actions) forwardBackward(model, [{ state, actions: [action] }], rows, { normaliser: 3 })
    for (const tokenBudget of [4096, 24]) {
      const packed = createGradients()
      forwardBackward(model, states, packed, { normaliser: 3, tokenBudget })
      expectSame(packed, rows, halfTolerance)
    }
    disposeModel(model)
  })

  it("leaves no tensor behind", () =>
    withModel((model) => {
      const row = rowsOf(expectedOf(name).get("ids")!)[0]!
      const round = (): void => {
        evaluateLoss(model, nestedStates(row), { normaliser: 1, exactKl: { weight: 1, reference: model } })
        const gradients = createGradients()
        for (const tokenBudget of [4096, 24])
          forwardBackward(model, nestedStates(row), gradients, { normaliser: 1, tokenBudget, recompute: true })
        generateSequences(model, [{ promptTokenIds: row, seed: 1, maxTokens: 5 }])
        tf.dispose([...gradients.values()])
      }
      round()
      const before = tf.memory().numTensors
      round()
      expect(tf.memory().numTensors).toBe(before)
    }))

  it("is read the same from the config of transformers 4, and after saving", () =>
    withModel((model) => {
      const { otherFields: _, ...shape } = model.config
      const old = parseConfig(JSON.parse(readFileSync(join(folderOf(name), "config.4.json"), "utf8")))
      expect(old).toMatchObject(shape)
      const folder = temporaryFolder()
      saveModel(folder, model)
      expect(readTensors(join(folder, "model.safetensors"))).toEqual(
        readTensors(join(folderOf(name), "model.safetensors")),
      )
      // As transformers writes them: it refuses whole numbers without a point in these fields.
      const saved = readFileSync(join(folder, "config.json"), "utf8")
      const fields = readFileSync(join(folderOf(name), "config.json"), "utf8").match(/"\w*logit_softcapping": [^,\n]*/g)
      for (const field of fields ?? []) expect(saved).toContain(field)
      const again = loadModel(folder)
      expect(again.config).toEqual(model.config)
      disposeModel(again)
    }))
})
