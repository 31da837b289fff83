/** Training an adapter: the weights stay, a checkpoint is a peft folder that goes on exactly and opens as base and adapter. */
import { existsSync } from "node:fs"
import { join } from "node:path"
import type { Engine, TrainingRow } from "@swirl-ts/core"
import { temporaryFolder } from "@swirl-ts/test-support"
import { initBackend } from "@swirl-ts/transformer"
import { afterEach, beforeAll, expect, it } from "vitest"
import { tensorCount, wasmHost, writeTinyPolicy } from "../../test/tiny-policy.ts"
import { localProviders } from "../provider.ts"
import { localEngine } from "./engine-factory.ts"

beforeAll(() => initBackend("wasm"))
const engines: Engine[] = []
afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.dispose()
})
const host = wasmHost()
const base = () => `local:${writeTinyPolicy({ seed: 3 })}`
const make = async (policy: string, options: object = { lora: 4 }): Promise<Engine> => {
  const engine = await localEngine.create({ policy, ...options }, host)
  engines.push(engine)
  return engine
}
const adam = { learningRate: 0.02, beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0, clipNorm: 1 }
const row = (promptTokenIds: number[], tokenIds: number[]): TrainingRow => ({
  ...{ promptTokenIds, tokenIds, coefficients: tokenIds.map(() => 1) },
})
const rows = [row([2, 5, 6, 4, 3], [7, 8, 4]), row([2, 5, 7, 4, 3], [9, 4])]
const update = async (engine: Engine): Promise<void> => {
  await engine.forwardBackward(rows, { normaliser: 2, exactKl: { weight: 0.1 } })
  await engine.optimStep(adam)
}
const scores = (engine: Engine, which: "current" | "initial" = "current") => engine.logProbabilities(rows, which)

it("trains the adapter alone, and goes on from a checkpoint exactly", async () => {
  const policy = base()
  const engine = await make(policy)
  const atFirst = await scores(engine)
  expect(await scores(engine, "initial")).toEqual(atFirst)
  await update(engine)
  await update(engine)
  const checkpoint = join(temporaryFolder(), "2")
  await engine.saveState(checkpoint)
  expect(existsSync(join(checkpoint, "adapter_model.safetensors"))).toBe(true)
  expect(existsSync(join(checkpoint, "model.safetensors"))).toBe(false)
  const saved = await scores(engine)
  await update(engine)
  const expected = await scores(engine)
  expect(await scores(engine, "initial")).toEqual(atFirst)
  expect(expected).not.toEqual(atFirst)
  const other = await make(policy)
  await other.loadState(checkpoint)
  await update(other)
  expect(await scores(other)).toEqual(expected)

  // As a policy: by itself, and named with its base; trained on in full, its adapter is merged.
  for (const name of [`local:${checkpoint}`, `${policy}+${checkpoint}`]) {
    for (const options of [{}, { lora: 2, loraTargets: ["q"] }]) {
      const again = (await scores(await make(name, options), "initial")).flat()
      again.forEach((value, at) => {
        expect(value).toBeCloseTo(saved.flat()[at]!, 4)
      })
    }
  }
  await expect((await make(policy, { lora: 2 })).loadState(checkpoint)).rejects.toThrow("another rank")
})

it("opens base and adapter with an identity of both, and refuses an adapter of another base", async () => {
  const policy = base()
  const engine = await make(policy)
  await update(engine)
  const checkpoint = temporaryFolder()
  await engine.saveState(checkpoint)
  const { local } = localProviders()
  const open = async (reference: string) => {
    const opened = await local.open(reference, {}, host)
    await opened.close?.()
    return opened.identity
  }
  const folder = policy.slice("local:".length)
  const identities = [await open(checkpoint), await open(`${folder}+${checkpoint}`), await open(folder)]
  expect(identities[0]).toBe(identities[1])
  expect(identities[0]).not.toBe(identities[2])
  expect(await local.directory?.(`${folder}+${checkpoint}`, host)).toBe(checkpoint)
  const another = writeTinyPolicy({ seed: 4 })
  await expect(open(`${another}+${checkpoint}`)).rejects.toThrow("is an adapter of another base")
  await expect(open(`${folder}+${another}`)).rejects.toThrow("is no adapter: it has no adapter_config.json")
  await expect(open(`${checkpoint}+${checkpoint}`)).rejects.toThrow("the base comes first")
})

it("refuses what goes with an adapter alone, and bf16 where it is not computed", async () => {
  const policy = base()
  await expect(make(policy, { precision: "auto" })).rejects.toThrow("give its rank, too, e.g. --lora 16")
  await expect(make(policy, { loraAlpha: 4 })).rejects.toThrow("The alpha of LoRA is for training an adapter")
  await expect(make(policy, { lora: 4, precision: "bf16", backend: "wasm" })).rejects.toThrow(
    "bf16 is computed by the native backend alone, and this is wasm",
  )
})

it("leaks no tensors over 20 iterations, and frees all on dispose", async () => {
  const policy = base()
  const atStart = tensorCount()
  const engine = await make(policy, { lora: 4, precision: "auto" })
  const counts: number[] = []
  for (let step = 0; step < 20; step++) {
    await engine.sample([[2, 5, 6]], { n: 3, maxTokens: 4, temperature: 1, seeds: [step] })
    await update(engine)
    counts.push(tensorCount())
  }
  expect(counts.at(-1)).toBe(counts[1])
  await engines.pop()!.dispose()
  expect(tensorCount()).toBe(atStart)
})
