import { readFileSync } from "node:fs"
import { join } from "node:path"
import { cleanModelDirectory, modelDirectory } from "@swirl-ts/policy-nano"
import { countParameters, disposeModel, initBackend, loadModel, loadTokenizer } from "@swirl-ts/transformer"
import { beforeAll, describe, expect, it } from "vitest"
import { developmentTasks, rollOut, summarise } from "../scripts/development.ts"
import { createEnvironment } from "../scripts/environment.ts"
import { tokenizerConfig, tokenizerJson } from "../scripts/nano-tokenizer.ts"
import { nanoConfig } from "../scripts/shape.ts"

const json = (directory: string, name: string): unknown => JSON.parse(readFileSync(join(directory, name), "utf8"))

describe.each([
  ["model", modelDirectory],
  ["model-clean", cleanModelDirectory],
])("the folder %s", (_name, directory) => {
  beforeAll(() => initBackend("wasm"))

  it("holds a model of the shape and the tokenizer that the training script writes", () => {
    const model = loadModel(directory)
    expect(model.config).toMatchObject(nanoConfig)
    expect(countParameters(model.config)).toBe(430_368)
    disposeModel(model)
    expect(json(directory, "tokenizer.json")).toEqual(tokenizerJson)
    expect(json(directory, "tokenizer_config.json")).toEqual(tokenizerConfig)
    expect(loadTokenizer(directory).endOfTurnTokenIds).toEqual([4])
  })
})

describe("the embedded policy", () => {
  beforeAll(() => initBackend("wasm"))
  const accuracy = async (directory: string): Promise<number> => {
    const model = loadModel(directory)
    const episodes = await rollOut(model, developmentTasks("calc", 48), 0, 0, await createEnvironment())
    disposeModel(model)
    return summarise("calc", 0, episodes).accuracy
  }

  it("is right often enough to learn from itself, and wrong often enough to learn something", {
    timeout: 120_000,
  }, async () => {
    const share = await accuracy(modelDirectory)
    expect(share).toBeGreaterThan(0.08)
    expect(share).toBeLessThan(0.8)
  })

  it("was much better before it was shown bad habits", { timeout: 120_000 }, async () => {
    expect(await accuracy(cleanModelDirectory)).toBeGreaterThan(0.7)
  })
})
