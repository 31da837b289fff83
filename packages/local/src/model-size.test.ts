import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { initBackend, readConfig, type TransformerConfig } from "@swirl-ts/transformer"
import { beforeAll, expect, it } from "vitest"
import { wasmHost, writeTinyPolicy } from "../test/tiny-policy.ts"
import { decodedRows } from "./decoded-rows.ts"
import { localEngine } from "./engine/engine-factory.ts"
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
  const need = memoryNeed(shape, { use: "sample", backend: "wasm" })
  expect(need.parameters).toBe(134_515_008)
  // 2 · 30 layers · 3 heads · 64 · 4 bytes · 1,024 tokens are 45 MiB, of which 11 rows fit into 512 MiB; half as much of those that ended.
  expect(need.keysAndValues).toBe(1.5 * 11 * 45 * 2 ** 20)
  const { weights, training, activations, total } = memoryNeed(shape, { use: "train", backend: "wasm" })
  expect([weights, training]).toEqual([4 * 134_515_008, 16 * 134_515_008])
  // 30 layers · 4 bytes · (4 · 576 + 2 · 192 + 2 · 1536) a token, of which 3,106 make 2 GiB.
  expect(need.activations).toBe(4 * 4096 * (9 * 576 + 3 * 1536 + 2 * 30 * 3 * 64))
  expect(activations).toBe(3106 * 30 * 4 * 5760)
  expect(total).toBe(5 * weights + activations + 1.5 * 11 * 45 * 2 ** 20)
  // TensorFlow holds about twice what its tensors are.
  const native = memoryNeed(shape, { use: "train", backend: "native" })
  expect(native.total).toBe(5 * weights + native.activations + native.keysAndValues)
  expect(native.activations).toBe(2 * activations)
})

it("decodes as many conversations together as the machine's memory is enough for, and on wasm fewer", () => {
  const qwen = { ...config, ...large, layers: 28, heads: 12, keyValueHeads: 2, headSize: 128, maxPositions: 32_768 }
  const rows = (gibibytes: number, backend: "wasm" | "native" = "native"): number =>
    decodedRows(qwen, backend, gibibytes * 2 ** 30)
  // 28 MiB a conversation of 512 tokens; on wasm, where each holds its beginning, 56 MiB of 1,024.
  expect([rows(2), rows(16), rows(24), rows(512), rows(512, "wasm")]).toEqual([18, 73, 109, 128, 9])
  expect(decodedRows({ ...qwen, layers: 280 }, "wasm")).toBe(4)
  expect(decodedRows(config, "wasm")).toBe(128)
})

it("a model that does not fit says what it needs and what is free", () => {
  expect(() => ask({ free: 2 ** 34 })).not.toThrow()
  expect(() => ask({ free: 2 ** 29 })).toThrow(
    /^smol needs [\d.]+ GiB of memory \(0\.50 GiB of weights \(f32\), 0\.65 GiB of activations, [\d.]+ GiB of keys and values\); 0\.50 GiB are free\. Nothing was loaded\./,
  )
  expect(() => ask({ use: "train", free: 2 ** 31 })).toThrow(
    "2.0 GiB for the initial policy, gradients and moments, 4.0 GiB of activations",
  )
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
