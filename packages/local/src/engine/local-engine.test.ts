import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { type AdamOptions, type Engine, readGeneration, type TrainingRow, userMessage } from "@swirl-ts/core"
import { temporaryFolder, testHost } from "@swirl-ts/test-support"
import { initBackend } from "@swirl-ts/transformer"
import fc from "fast-check"
import { afterEach, beforeAll, describe, expect, it } from "vitest"
import { endToken, tensorCount, tinyPolicy } from "../../test/tiny-policy.ts"
import { localEngine } from "./engine-factory.ts"
import { joinEqualStates } from "./equal-states.ts"
import { createLocalEngine } from "./local-engine.ts"

beforeAll(() => initBackend("wasm"))
const engines: Engine[] = []
const make = (seed = 1): Engine => {
  const engine = createLocalEngine(tinyPolicy(seed))
  engines.push(engine)
  return engine
}
afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.dispose()
})

const adam: AdamOptions = { learningRate: 0.01, beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0, clipNorm: 1 }
const states = [
  [2, 5, 6, endToken, 3],
  [2, 5, 7, endToken, 3],
]
const row = (promptTokenIds: number[], tokenIds: number[], value: number, count = 1): TrainingRow => ({
  promptTokenIds,
  tokenIds,
  coefficients: tokenIds.map(() => value),
  count,
})
const rows = [
  row(states[0]!, [7, 8, endToken], 1, 2),
  row(states[1]!, [9, endToken], -0.5),
  row(states[0]!, [7, 10, 11, endToken], -1),
  row(states[1]!, [9, 9, endToken], 0.25),
]
const update = async (engine: Engine, batch = rows, exactKl?: { weight: number }) => {
  const result = await engine.forwardBackward(batch, { normaliser: 4, ...(exactKl ? { exactKl } : {}) })
  return { ...result, ...(await engine.optimStep(adam)) }
}
const scores = (engine: Engine, policy: "current" | "initial" = "current") => engine.logProbabilities(rows, policy)

describe("sampling", () => {
  it("interrupts an action behind the first of the texts to stop at, and keeps its ids up to there", async () => {
    const engine = make()
    const { conversation } = engine.languageModel()
    const options = { n: 8, maxTokens: 12, temperature: 1, seeds: [11, 12] }
    const whole = (await engine.sample(states, options)).flat()
    const letter = conversation!.decode(whole[0]!.tokenIds).trim()[1]!
    const stopped = (await engine.sample(states, { ...options, stopSequences: [letter] })).flat()
    let interrupted = 0
    for (const [index, { tokenIds, finishReason }] of stopped.entries()) {
      expect(whole[index]!.tokenIds.slice(0, tokenIds.length)).toEqual(tokenIds)
      const at = whole[index]!.tokenIds.findIndex((_, end, ids) =>
        conversation!.decode(ids.slice(0, end + 1)).includes(letter),
      )
      if (at < 0) continue
      interrupted++
      expect(tokenIds).toHaveLength(at + 1)
      expect(finishReason).toBe("stop")
    }
    expect(interrupted).toBeGreaterThan(0)
  })

  it("gives n sequences a prompt, each by its own seed, with the log-probabilities that scoring gives", async () => {
    const engine = make()
    const options = { n: 4, maxTokens: 6, temperature: 1, seeds: [11, 12] }
    const sampled = await engine.sample(states, options)
    expect(sampled.map((group) => group.length)).toEqual([4, 4])
    expect(new Set(sampled.flat().map(({ tokenIds }) => tokenIds.join())).size).toBeGreaterThan(4)
    for (const [index, group] of sampled.entries()) {
      const scored = await engine.logProbabilities(
        group.map(({ tokenIds }) => ({ promptTokenIds: states[index]!, tokenIds })),
        "current",
      )
      group.forEach(({ logProbabilities }, at) => {
        expect(logProbabilities.length).toBe(scored[at]!.length)
        logProbabilities.forEach((value, token) => {
          expect(value).toBeCloseTo(scored[at]![token]!, 4)
        })
      })
    }
    // Another order of prompts and another n leave a sample as it was.
    const again = await engine.sample([states[1]!], { ...options, n: 2, seeds: [12] })
    expect(again[0]!.map(({ tokenIds }) => tokenIds)).toEqual(sampled[1]!.slice(0, 2).map(({ tokenIds }) => tokenIds))
  })

  it("refuses another number of seeds than prompts", () => {
    expect(() => make().sample(states, { n: 1, maxTokens: 1, temperature: 1, seeds: [1] })).toThrow(
      "2 prompts and 1 seeds",
    )
  })
})

describe("training", () => {
  it("raises the probability of what was rewarded (REINFORCE over fresh samples)", async () => {
    const engine = make()
    // The least likely of the actions that it takes now and then.
    const [tried] = await engine.sample([states[0]!], { n: 32, maxTokens: 1, temperature: 1, seeds: [99] })
    const rewarded = tried!.sort((a, b) => a.logProbabilities[0]! - b.logProbabilities[0]!)[0]!.tokenIds[0]!
    const chance = async () =>
      Math.exp(
        (await engine.logProbabilities([{ promptTokenIds: states[0]!, tokenIds: [rewarded] }], "current"))[0]![0]!,
      )
    const before = await chance()
    for (let step = 0; step < 12; step++) {
      const [samples] = await engine.sample([states[0]!], { n: 16, maxTokens: 1, temperature: 1, seeds: [step] })
      const rewards: number[] = samples!.map(({ tokenIds }) => (tokenIds[0] === rewarded ? 1 : 0))
      const mean = rewards.reduce((sum, reward) => sum + reward, 0) / rewards.length
      const batch = samples!.map(({ tokenIds }, index) => row(states[0]!, tokenIds, rewards[index]! - mean))
      await engine.forwardBackward(batch, { normaliser: 16 })
      await engine.optimStep({ ...adam, learningRate: 0.02 })
    }
    expect(await chance()).toBeGreaterThan(Math.min(0.9, 3 * before))
  })

  it("reports the loss by hand and the log-probabilities before the update", async () => {
    const engine = make()
    const before = await scores(engine)
    const { loss, logProbabilities } = await update(engine)
    const byHand = rows.reduce(
      (sum, { coefficients }, index) => sum - coefficients.reduce((inner, a, t) => inner + a * before[index]![t]!, 0),
      0,
    )
    expect(loss).toBeCloseTo(byHand / 4, 5)
    logProbabilities.flat().forEach((value, index) => {
      expect(value).toBeCloseTo(before.flat()[index]!, 5)
    })
    expect(await scores(engine)).not.toEqual(before)
    expect(await scores(engine, "initial")).toEqual(before)
  })

  it("does not depend on the order of the rows, nor on splitting them over calls", async () => {
    const [one, shuffled, split] = [make(), make(), make()]
    const order = [2, 0, 3, 1]
    const a = await update(one)
    const b = await update(
      shuffled,
      order.map((index) => rows[index]!),
    )
    expect(b.loss).toBe(a.loss)
    expect(order.map((index) => a.logProbabilities[index])).toEqual(b.logProbabilities)
    expect(await scores(shuffled)).toEqual(await scores(one))
    await split.forwardBackward(rows.slice(0, 2), { normaliser: 4 })
    await split.forwardBackward(rows.slice(2), { normaliser: 4 })
    const { gradientNorm } = await split.optimStep(adam)
    expect(gradientNorm).toBeCloseTo(a.gradientNorm, 4)
  })

  it("measures the exact KL to the initial policy, and its gradient pulls back", async () => {
    const engine = make()
    expect((await update(engine, rows, { weight: 0 })).exactKl).toBeCloseTo(0, 5)
    for (let step = 0; step < 5; step++) await update(engine)
    const still = rows.map((r) => ({ ...r, coefficients: r.coefficients.map(() => 0) }))
    const first = (await update(engine, still, { weight: 1 })).exactKl!
    expect(first).toBeGreaterThan(0.01)
    for (let step = 0; step < 20; step++) await update(engine, still, { weight: 1 })
    expect((await update(engine, still, { weight: 1 })).exactKl!).toBeLessThan(first / 2)
  })

  it("steps on nothing where there are no gradients, and forgets them after a step", async () => {
    const engine = make()
    const before = await scores(engine)
    expect(await engine.optimStep(adam)).toEqual({ gradientNorm: 0 })
    expect(await scores(engine)).toEqual(before)
    await update(engine)
    expect(await engine.optimStep(adam)).toEqual({ gradientNorm: 0 })
  })

  it("says which row cannot be trained", async () => {
    const engine = make()
    await expect(engine.forwardBackward([row([], [5], 1)], { normaliser: 1 })).rejects.toThrow(
      "row 0 has an empty state",
    )
    await expect(
      engine.forwardBackward([rows[0]!, { ...rows[1]!, coefficients: [1] }], { normaliser: 1 }),
    ).rejects.toThrow("row 1 has 2 action tokens and 1 coefficients")
    expect(await engine.logProbabilities([{ promptTokenIds: states[0]!, tokenIds: [] }], "current")).toEqual([[]])
  })

  it("leaks no tensors over 20 iterations, and frees all on dispose", async () => {
    const atStart = tensorCount()
    const engine = make()
    const counts: number[] = []
    for (let step = 0; step < 20; step++) {
      await engine.sample(states, { n: 3, maxTokens: 4, temperature: 1, seeds: [step, step] })
      await update(engine, rows, { weight: 0.1 })
      await engine.languageModel().doGenerate({ prompt: [userMessage("ab")], maxOutputTokens: 5, seed: step })
      counts.push(tensorCount())
    }
    expect(counts.at(-1)).toBe(counts[1])
    await engine.dispose()
    expect(tensorCount()).toBe(atStart)
  })
})

describe("saving", () => {
  it("continues exactly from a saved state, in another engine too", async () => {
    const directory = join(temporaryFolder(), "deep", "checkpoint")
    const engine = make()
    await update(engine)
    await engine.saveState(directory)
    await update(engine)
    const expected = await scores(engine)
    await update(engine)
    await engine.loadState(directory)
    await update(engine)
    expect(await scores(engine)).toEqual(expected)
    const other = make()
    await other.loadState(directory)
    await update(other)
    expect(await scores(other)).toEqual(expected)
    expect(await scores(other, "initial")).toEqual(await scores(make(), "initial"))
  })

  it("writes a folder that opens as a policy of its own", async () => {
    const directory = temporaryFolder()
    const engine = make()
    await update(engine)
    await engine.saveState(directory)
    const host = testHost({ workingDirectory: directory })
    const opened = await localEngine.create({ policy: `local:${directory}` }, host)
    engines.push(opened)
    expect(await scores(opened, "initial")).toEqual(await scores(engine))
  })

  it("says what is wrong with a checkpoint", async () => {
    const directory = temporaryFolder()
    await expect(make().loadState(directory)).rejects.toThrow(/checkpoint .* cannot be loaded/)
    writeFileSync(join(directory, "file"), "")
    await expect(make().saveState(join(directory, "file", "inside"))).rejects.toThrow(/cannot be written/)
  })
})

it("offers the live weights behind the Model contract", async () => {
  const engine = make()
  const model = engine.languageModel()
  const ask = async () =>
    readGeneration(await model.doGenerate({ prompt: [userMessage("ab")], temperature: 0, maxOutputTokens: 3 }))
  const before = await ask()
  expect(before.tokens!.promptTokenIds).toEqual(states[0])
  for (let step = 0; step < 30; step++) {
    await engine.forwardBackward([row(states[0]!, [11, endToken], 1)], { normaliser: 1 })
    await engine.optimStep({ ...adam, learningRate: 0.03 })
  }
  expect((await ask()).tokens!.tokenIds).toEqual([11, endToken])
  expect(before.tokens!.tokenIds).not.toEqual([11, endToken])
})

it("joins equal states whatever the order, and finds every row again", () => {
  const ids = fc.array(fc.nat(2), { minLength: 1, maxLength: 3 })
  fc.assert(
    fc.property(fc.array(fc.tuple(ids, ids), { maxLength: 12 }), (pairs) => {
      const flat = pairs.map(([promptTokenIds, tokenIds]) => row(promptTokenIds, tokenIds, 1))
      const { states: joined, places } = joinEqualStates(flat)
      expect(new Set(joined.map(({ state }) => state.join())).size).toBe(joined.length)
      expect(joined.flatMap(({ actions }) => actions)).toHaveLength(flat.length)
      flat.forEach(({ promptTokenIds, tokenIds }, index) => {
        const { state, action } = places[index]!
        expect(joined[state]!.state).toEqual(promptTokenIds)
        expect(joined[state]!.actions[action]!.tokenIds).toEqual(tokenIds)
      })
    }),
  )
})

describe("what no update may be made of", () => {
  it("a gradient that is no number leaves weights and moments as they are", async () => {
    const engine = make()
    const before = await scores(engine)
    await engine.forwardBackward([{ ...rows[0]!, coefficients: [Number.NaN, 1, 1] }], { normaliser: 1 })
    const { gradientNorm } = await engine.optimStep(adam)
    expect(Number.isFinite(gradientNorm)).toBe(false)
    expect(await scores(engine)).toEqual(before)
    await update(engine)
    const fresh = make()
    await update(fresh)
    expect(await scores(engine)).toEqual(await scores(fresh))
  })

  it("gradients can be forgotten, and no rows or rows without tokens add none", async () => {
    const engine = make()
    const before = await scores(engine)
    await engine.forwardBackward(rows, { normaliser: 4 })
    await engine.clearGradients!()
    expect(await engine.forwardBackward([], { normaliser: 1 })).toMatchObject({ loss: 0, logProbabilities: [] })
    const empty = await engine.forwardBackward([row(states[0]!, [], 1)], { normaliser: 1 })
    expect(empty).toMatchObject({ loss: 0, logProbabilities: [[]] })
    expect(await engine.optimStep(adam)).toEqual({ gradientNorm: 0 })
    expect(await scores(engine)).toEqual(before)
  })

  it("a row without a state is told by its place", async () => {
    await expect(make().forwardBackward([row([], [5], 1)], { normaliser: 1 })).rejects.toThrow("Training row 0")
  })
})
