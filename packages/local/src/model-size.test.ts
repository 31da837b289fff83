import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { initBackend, readConfig, type TransformerConfig } from "@swirl-ts/transformer"
import { beforeAll, expect, it } from "vitest"
import { wasmHost, writeTinyPolicy } from "../test/tiny-policy.ts"
import { localEngine } from "./engine/local-engine.ts"
import { freeMemory } from "./free-memory.ts"
import { checkModelSize, memoryNeed, type SizeQuestion } from "./model-size.ts"
import { localProviders } from "./provider.ts"

let directory: string
let config: TransformerConfig
beforeAll(async () => {
  await initBackend("wasm")
  directory = writeTinyPolicy()
  config = readConfig(directory)
})

/** SmolLM2-135M's shape. */
const large = { layers: 30, heads: 9, keyValueHeads: 3, headSize: 64, hiddenSize: 576, innerSize: 1536 }
const ask = (more: Partial<SizeQuestion>, environment: Record<string, string> = {}) => {
  const shape = { ...config, ...large, vocabularySize: 49_152, maxPositions: 8192 }
  const question = {
    directory: "smol",
    config: shape,
    backend: "native",
    use: "sample",
    free: 2 ** 40,
    ...more,
  } as const
  checkModelSize(question, wasmHost({ environment }))
}

it("counts weights, what a training adds to them, and keys and values", () => {
  const shape = { ...config, ...large, vocabularySize: 49_152, maxPositions: 8192 }
  expect(memoryNeed(shape, "sample").parameters).toBe(134_515_008)
  // 2 · 30 layers · 3 heads · 64 · 4 bytes · 1,024 tokens are 45 MiB, of which 11 rows fit into 512 MiB.
  expect(memoryNeed(shape, "sample").keysAndValues).toBe(11 * 45 * 2 ** 20)
  const { weights, training, total } = memoryNeed(shape, "train")
  expect([weights, training]).toEqual([4 * 134_515_008, 16 * 134_515_008])
  expect(total).toBe(5 * weights + 11 * 45 * 2 ** 20)
})

it("a model that does not fit says what it needs and what is free", () => {
  expect(() => ask({ free: 2 ** 30 + 2 ** 20 })).not.toThrow()
  expect(() => ask({ free: 2 ** 29 })).toThrow(
    "smol needs 0.98 GiB of memory (0.50 GiB of weights (f32), 0.48 GiB of keys and values); 0.50 GiB are free. Nothing was loaded.",
  )
  expect(() => ask({ use: "train", free: 2 ** 31 })).toThrow("2.0 GiB for the initial policy, gradients and moments")
  expect(() => ask({ free: 0 }, { SWIRL_ALLOW_LARGE: "1" })).not.toThrow()
})

it("above 50 million parameters wasm is refused with the command that installs the native backend, unless one insists", () => {
  expect(() => ask({ backend: "wasm" })).toThrow(
    "smol has 135 million parameters; the wasm backend is for 50 million at most. To go on all the same, set SWIRL_ALLOW_LARGE=1. Install the native one with: swirl backend install",
  )
  expect(() => ask({ backend: "wasm" }, { SWIRL_ALLOW_LARGE: "1" })).not.toThrow()
})

it("is asked before any weight is read, for sampling and for training", async () => {
  const file = join(directory, "config.json")
  const small = readFileSync(file, "utf8")
  try {
    writeFileSync(file, JSON.stringify({ ...JSON.parse(small), intermediate_size: 4_000_000 }))
    const refusal = { message: expect.stringContaining("swirl backend install"), kind: "usage" }
    await expect(localProviders().local.open(directory, {}, wasmHost())).rejects.toMatchObject(refusal)
    await expect(localEngine.create({ policy: `local:${directory}` }, wasmHost())).rejects.toMatchObject(refusal)
  } finally {
    writeFileSync(file, small)
  }
})

it("knows of free memory that it is some", () => expect(freeMemory()).toBeGreaterThan(2 ** 20))
