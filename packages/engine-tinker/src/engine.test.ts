import { readFileSync } from "node:fs"
import { join } from "node:path"
import { seedFrom, type TrainingRow } from "@swirl-ts/core"
import { temporaryFolder, testHost } from "@swirl-ts/test-support"
import { testEngine } from "@swirl-ts/testing"
import { expect, test } from "vitest"
import { baseName, fakeServer } from "../test/fake-server.ts"
import { adam, create, factory, pairs, policy, rows } from "../test/tiny.ts"

for (const normalisation of ["sequence-mean", "sum"] as const)
  for (const loss of ["cispo", "importance_sampling"] as const) {
    const { url } = await fakeServer({ normalisation })
    testEngine(factory, {
      name: `tinker-${normalisation}-${loss}`,
      policy,
      host: testHost(),
      options: { url, lora: 4, normalisation, loss },
      prompts: [
        [1, 2, 3],
        [2, 5],
      ],
    })
  }

/** Norm of −(1/N) Σ A · ∇ log π over the server's table, by hand from its probabilities. */
async function normByHand(url: string, normaliser: number): Promise<number> {
  const engine = await create(url)
  const gradient = new Map<string, number>()
  for (const { promptTokenIds, tokenIds, coefficients } of rows) {
    let previous = promptTokenIds.at(-1)!
    for (const [index, token] of tokenIds.entries()) {
      for (let id = 0; id < 12; id++) {
        const [[log]] = (await engine.logProbabilities(
          [{ promptTokenIds: [previous], tokenIds: [id] }],
          "current",
        )) as [[number]]
        const slope = -(coefficients[index]! / normaliser) * ((id === token ? 1 : 0) - Math.exp(log))
        gradient.set(`${previous} ${id}`, (gradient.get(`${previous} ${id}`) ?? 0) + slope)
      }
      previous = token
    }
  }
  await engine.dispose()
  return Math.sqrt([...gradient.values()].reduce((sum, value) => sum + value ** 2, 0))
}

test("actions of unequal length give the gradient of the contract, however the server normalises", async () => {
  const norms = await Promise.all(
    (["sequence-mean", "sum"] as const).map(async (normalisation) => {
      const { url } = await fakeServer({ normalisation })
      const engine = await create(url, { normalisation })
      await engine.forwardBackward(rows, { normaliser: 7 })
      return (await engine.optimStep(adam)).gradientNorm
    }),
  )
  const byHand = await normByHand((await fakeServer()).url, 7)
  expect(norms[0]).toBeCloseTo(byHand, 10)
  expect(norms[1]).toBeCloseTo(byHand, 10)
})

test("rows go out in requests under the limit, several of them, and give the same gradient", async () => {
  const norm = async (requestBytes: number, many: readonly TrainingRow[]) => {
    const server = await fakeServer()
    const engine = await create(server.url, { requestBytes })
    const before = server.of("forward_backward").length
    await engine.forwardBackward(many, { normaliser: 7 })
    const sent = server.of("forward_backward").slice(before)
    return { sent, norm: (await engine.optimStep(adam)).gradientNorm }
  }
  const many = Array.from({ length: 20 }, () => rows).flat()
  const [whole, parts] = [await norm(2 ** 20, many), await norm(1500, many)]
  expect(whole.sent).toHaveLength(1)
  expect(parts.sent.length).toBeGreaterThan(5)
  expect(Math.max(...parts.sent.map(({ bytes }) => bytes))).toBeLessThan(1800)
  expect(parts.norm).toBeCloseTo(whole.norm, 10)
})

test("a sample draws from its prompt's own seed, ends with the turn, and is cut where a text stops it", async () => {
  const server = await fakeServer()
  const engine = await create(server.url)
  const [group] = await engine.sample([[1, 2]], { n: 4, maxTokens: 30, temperature: 1, seeds: [7] })
  for (const { tokenIds, logProbabilities, finishReason } of group!) {
    expect(logProbabilities).toHaveLength(tokenIds.length)
    expect(finishReason).toBe(tokenIds.at(-1) === 11 ? "stop" : "length")
  }
  const { sampling_params } = server.of("asample").at(-1)!.body
  expect(sampling_params).toMatchObject({ seed: seedFrom(7, "tinker") % (2 ** 31 - 4), stop: [11], max_tokens: 30 })
  const [stopped] = await engine.sample([[1, 2]], {
    n: 4,
    maxTokens: 30,
    temperature: 1,
    seeds: [7],
    stopSequences: ["b"],
  })
  const at = group!.findIndex(({ tokenIds }) => tokenIds.indexOf(2) >= 0)
  const cutAt = group![at]!.tokenIds.indexOf(2) + 1
  expect(stopped![at]).toMatchObject({ tokenIds: group![at]!.tokenIds.slice(0, cutAt), finishReason: "stop" })
})

test("sampling is from the weights as they are, and never from older ones, which the server would put into the training", async () => {
  const server = await fakeServer()
  const engine = await create(server.url)
  const sample = () => engine.sample([[1, 2]], { n: 1, maxTokens: 3, temperature: 1, seeds: [7] })
  const paths = () => server.of("asample").map(({ body }) => body.model_path)
  await sample()
  await sample()
  await engine.forwardBackward(rows, { normaliser: 3 })
  await engine.optimStep(adam)
  const before = await engine.logProbabilities(pairs, "current")
  await sample()
  expect(new Set(paths().slice(0, 2)).size).toBe(1)
  expect(paths()[2]).not.toBe(paths()[0])
  expect(await engine.logProbabilities(pairs, "current")).toEqual(before)
})

test("a checkpoint is a folder of peft that names the policy's own base and its digest, and where the server has its state", async () => {
  const server = await fakeServer()
  const engine = await create(server.url)
  await engine.forwardBackward(rows, { normaliser: 3 })
  await engine.optimStep(adam)
  const directory = temporaryFolder()
  await engine.saveState(directory)
  const config = JSON.parse(readFileSync(join(directory, "adapter_config.json"), "utf8"))
  expect(config).toMatchObject({ peft_type: "LORA", base_model_name_or_path: "/here/tiny", target_modules: ["q_proj"] })
  const weights = readFileSync(join(directory, "adapter_model.safetensors"))
  const length = Number(weights.readBigUInt64LE(0))
  const header = JSON.parse(weights.subarray(8, 8 + length).toString())
  expect(header.__metadata__).toMatchObject({ base: "local:/here/tiny", base_digest: "digest-of-tiny" })
  expect(length % 8).toBe(0)
  expect([
    ...new Float32Array(weights.buffer.slice(weights.byteOffset + 8 + length, weights.byteOffset + 16 + length)),
  ]).toEqual([0.5, -2])
  const state = JSON.parse(readFileSync(join(directory, "tinker.json"), "utf8"))
  expect(state).toMatchObject({ schema: "swirl.tinker-state/1", baseModel: baseName, rank: 4 })
  expect(state.path).toMatch(/^tinker:\/\/model_1\/weights\/swirl-/)
})

test("the live weights are a model that scores as the engine does", async () => {
  const engine = await create((await fakeServer()).url)
  const model = engine.languageModel()
  const [scores] = await engine.logProbabilities([{ promptTokenIds: [1], tokenIds: [2, 3] }], "current")
  const scored = await model.score!({ text: "abc" })
  expect(JSON.stringify(scored)).toContain(String(scores![1]))
  const { providerMetadata } = await model.doGenerate({
    prompt: [],
    maxOutputTokens: 3,
    providerOptions: { swirl: { promptTokenIds: [1, 2], seed: 1 } },
  })
  expect(providerMetadata!.swirl).toMatchObject({ promptTokenIds: [1, 2], finishReason: expect.any(String) })
})
