import { toyEngine } from "@swirl-ts/testing"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { leaveOneOutAdvantages } from "./advantages.ts"
import {
  coefficients,
  mergeEqual,
  policyLoss,
  trainSampleDifference,
  type WeighedSample,
  withGradient,
} from "./policy-loss.ts"

const prompt = [1, 5, 2]
const engine = toyEngine()
/** Moves the live policy off the initial one, so that the KL terms are not zero. */
engine.parameters.forEach((value, index) => {
  engine.parameters[index] = value + Math.sin(index)
})

async function sampled(seed: number, n: number) {
  const [sequences] = await engine.sample([prompt], { n, maxTokens: 6, temperature: 1, seeds: [seed] })
  return sequences!
}

/** Rows of one state by the stated formula; `merge` off: one row a sample. */
async function rowsOf(samples: WeighedSample[], beta: number, merge: boolean) {
  const distinct = merge ? mergeEqual(samples) : samples.flatMap((sample) => mergeEqual([sample]))
  const texts = distinct.map(({ tokenIds }) => ({ promptTokenIds: prompt, tokenIds }))
  const initial = await engine.logProbabilities(texts, "initial")
  return texts.map((text, index) => ({
    ...text,
    count: distinct[index]!.count,
    coefficients: coefficients(distinct[index]!, { beta, initialLogProbabilities: initial[index]! }),
  }))
}

async function gradient(rows: Awaited<ReturnType<typeof rowsOf>>, normaliser: number, exactKl?: { weight: number }) {
  engine.gradients.fill(0)
  const { loss, logProbabilities } = await engine.forwardBackward(rows, { normaliser, ...(exactKl ? { exactKl } : {}) })
  return { loss, logProbabilities, values: [...engine.gradients] }
}

const rewards = fc.array(fc.constantFrom(0, 1, undefined), { minLength: 8, maxLength: 8 })

describe("coefficients", () => {
  it("add the penalty of the tokens from here on, once for every equal sample", () => {
    const action = { tokenIds: [3, 5, 0], logProbabilities: [-1, -2, -3], advantage: 0.5, count: 2 }
    expect(coefficients(action)).toEqual([0.5, 0.5, 0.5])
    // log ratios .5, -1, 2: suffix sums 1.5, 1, 2; times beta .1 and count 2.
    const result = coefficients(action, { beta: 0.1, initialLogProbabilities: [-1.5, -1, -5] })
    ;[0.2, 0.3, 0.1].forEach((value, t) => {
      expect(result[t]).toBeCloseTo(value, 12)
    })
  })

  it("are the advantage where the policy is still the initial one", () => {
    const action = { tokenIds: [3, 0], logProbabilities: [-1, -2], advantage: 0.25, count: 3 }
    expect(coefficients(action, { beta: 0.5, initialLogProbabilities: [-1, -2] })).toEqual([0.25, 0.25])
  })
})

describe("mergeEqual", () => {
  it("gives the same loss and gradient as one row a sample, with fewer rows", async () => {
    await fc.assert(
      fc.asyncProperty(rewards, fc.nat(1000), async (given, seed) => {
        const advantages = leaveOneOutAdvantages(given)
        const samples = (await sampled(seed, 8)).map((sample, index) => ({ ...sample, advantage: advantages[index] }))
        const apart = await rowsOf(samples, 0.1, false)
        const merged = await rowsOf(samples, 0.1, true)
        if (apart.length === 0) return
        for (const exactKl of [undefined, { weight: 0.1 }]) {
          const a = await gradient(apart, 8, exactKl)
          const b = await gradient(merged, 8, exactKl)
          expect(b.loss).toBeCloseTo(a.loss, 10)
          a.values.forEach((value, index) => {
            expect(b.values[index]).toBeCloseTo(value, 10)
          })
        }
        expect(merged.length).toBe(new Set(apart.map((row) => row.tokenIds.join())).size)
        expect(merged.reduce((sum, row) => sum + row.count, 0)).toBe(apart.length)
      }),
      { numRuns: 25 },
    )
  })

  it("leaves unscored samples out", () => {
    const sample = { tokenIds: [3], logProbabilities: [-1] }
    expect(mergeEqual([{ ...sample, advantage: undefined }])).toEqual([])
  })
})

describe("the loss", () => {
  it("has the engine's gradient by finite differences, coefficients held constant", async () => {
    const samples = (await sampled(3, 6)).map((sample, index) => ({ ...sample, advantage: index % 2 ? 0.7 : -0.7 }))
    const rows = await rowsOf(samples, 0.05, true)
    for (const exactKl of [undefined, { weight: 0.3 }]) {
      const { values, loss, logProbabilities } = await gradient(rows, 6, exactKl)
      if (!exactKl) expect(policyLoss(rows, logProbabilities, 6)).toBeCloseTo(loss, 12)
      const touched = values.flatMap((value, index) => (value !== 0 ? [index] : []))
      expect(touched.length).toBeGreaterThan(20)
      for (const index of touched) {
        const at = engine.parameters[index]!
        engine.parameters[index] = at + 1e-5
        const above = (await gradient(rows, 6, exactKl)).loss
        engine.parameters[index] = at - 1e-5
        const below = (await gradient(rows, 6, exactKl)).loss
        engine.parameters[index] = at
        expect((above - below) / 2e-5).toBeCloseTo(values[index]!, 7)
      }
    }
  })

  it("scales as 1/N and linearly in the coefficients", async () => {
    const samples = (await sampled(4, 4)).map((sample) => ({ ...sample, advantage: 1 }))
    const rows = await rowsOf(samples, 0.1, true)
    const once = await gradient(rows, 4)
    const twice = await gradient(
      rows.map((row) => ({ ...row, coefficients: row.coefficients.map((value) => 2 * value) })),
      4,
    )
    const half = await gradient(rows, 8)
    once.values.forEach((value, index) => {
      expect(twice.values[index]).toBeCloseTo(2 * value, 12)
      expect(half.values[index]).toBeCloseTo(value / 2, 12)
    })
    expect(twice.loss).toBeCloseTo(2 * once.loss, 12)
  })

  it("penalises in expectation with the gradient of the KL itself", async () => {
    // One token an action, all of them listed with their probability as count: the expectation without noise.
    const [log] = await engine.logProbabilities([{ promptTokenIds: prompt, tokenIds: [0] }], "current")
    expect(log).toHaveLength(1)
    const all = Array.from({ length: 8 }, (_, token) => ({ promptTokenIds: prompt, tokenIds: [token] }))
    const now = await engine.logProbabilities(all, "current")
    const initial = await engine.logProbabilities(all, "initial")
    const rows = all.map((row, v) => {
      const count = Math.exp(now[v]![0]!)
      const action = { tokenIds: row.tokenIds, logProbabilities: now[v]!, advantage: 0, count }
      return { ...row, count, coefficients: coefficients(action, { beta: 1, initialLogProbabilities: initial[v]! }) }
    })
    const penalty = await gradient(rows, 1)
    const exact = await gradient([{ ...all[0]!, count: 1, coefficients: [0] }], 1, { weight: 1 })
    exact.values.forEach((value, index) => {
      expect(penalty.values[index]).toBeCloseTo(value, 10)
    })
  })
})

describe("withGradient", () => {
  const row = (...values: number[]) => ({ promptTokenIds: [1], tokenIds: values.map(() => 1), coefficients: values })
  it("drops only rows whose gradient is exactly zero", () => {
    const rows = [row(0, 0), row(0, 1e-300), row(-0)]
    expect(withGradient(rows, false)).toEqual([rows[1]])
    expect(withGradient(rows, true)).toEqual(rows)
  })
  it("keeps one row, so that the optimiser's step has a backward pass before it", () => {
    expect(withGradient([row(0), row(0)], false)).toHaveLength(1)
  })
})

describe("trainSampleDifference", () => {
  it("is the largest difference of a token, whatever its sign", () => {
    const sampled = [{ logProbabilities: [-1, -2] }, { logProbabilities: [-3] }]
    expect(trainSampleDifference(sampled, [[-1.25, -2], [-2.5]])).toBe(0.5)
  })
})
