/**
 * Everything that is computed, against what PyTorch and transformers computed for the same checkpoint (fixtures/transformer).
 */
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { temporaryFolder } from "@swirl-ts/test-support"
import { beforeAll, describe, expect, it } from "vitest"
import { logitsOf, readTensors, rowsOf } from "../test/expected-tensors.ts"
import { initTestBackend, relativeError } from "../test/small-model.ts"
import { forwardBackward, logProbabilities } from "./forward-backward.ts"
import { createGradients } from "./gradients.ts"
import { loadModel, saveModel } from "./model-folder.ts"
import { adamStep, createOptimiser } from "./optimiser.ts"
import { parameterNames } from "./parameters.ts"
import { disposeModel } from "./transformer-model.ts"
import { stateActionsOf } from "./weighted-sequence.ts"

const fixtures = fileURLToPath(new URL("../../../fixtures/transformer/", import.meta.url))

const expectedOf = (name: string) => readTensors(join(fixtures, name, "expected.safetensors"))

beforeAll(async () => {
  await initTestBackend()
})

describe.each(["tied-grouped", "untied-full", "sharded-odd", "bfloat16", "float16"])("checkpoint %s", (name) => {
  it("gives PyTorch's logits, log-probabilities, loss, gradients and AdamW step", () => {
    const expected = expectedOf(name)
    const model = loadModel(join(fixtures, name))
    const ids = rowsOf(expected.get("ids")!)
    const weights = rowsOf(expected.get("weights")!)
    expect(relativeError(logitsOf(model, ids), expected.get("logits")!)).toBeLessThan(1e-4)
    const logs = logProbabilities(model, ids)
    expect(
      relativeError(
        logs.flatMap((row) => [...row]),
        expected.get("log_probabilities")!,
      ),
    ).toBeLessThan(1e-4)
    const gradients = createGradients()
    const rows = ids.map((tokenIds, r) => ({ tokenIds, coefficients: weights[r]! }))
    const { loss } = forwardBackward(model, rows.map(stateActionsOf), gradients, { normaliser: 7 })
    expect(Math.abs(loss - expected.get("loss")![0]!)).toBeLessThan(1e-4 * Math.abs(loss))
    expect([...gradients.keys()].sort()).toEqual(parameterNames(model.config).sort())
    for (const [parameter, gradient] of gradients)
      expect(relativeError(gradient.dataSync(), expected.get(`gradient.${parameter}`)!), parameter).toBeLessThan(1e-4)
    adamStep(model, gradients, createOptimiser(), { learningRate: 1e-2, beta2: 0.95, weightDecay: 0.1, clipNorm: 0.5 })
    for (const [parameter, weight] of Object.entries(model.weights))
      expect(relativeError(weight.dataSync(), expected.get(`adam.${parameter}`)!), parameter).toBeLessThan(1e-3)
    disposeModel(model)
  })

  it("computes the same after saving and loading", () => {
    const folder = temporaryFolder()
    const model = loadModel(join(fixtures, name))
    saveModel(folder, model)
    const again = loadModel(folder)
    const ids = rowsOf(expectedOf(name).get("ids")!)
    expect(again.config).toEqual(model.config)
    expect(logitsOf(again, ids)).toEqual(logitsOf(model, ids))
  })
})
