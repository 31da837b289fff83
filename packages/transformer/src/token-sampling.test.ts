import { describe, expect, it } from "vitest"
import { seedWords, uniform } from "./counter-random.ts"
import { type SamplingOptions, sampleToken } from "./token-sampling.ts"

const logits = Float32Array.from([1, 3, 0.5, -2, 2.5, 0])
const exponentials = [...logits].map(Math.exp)
const total = exponentials.reduce((a, b) => a + b, 0)

function shares(options: SamplingOptions, draws = 20_000): number[] {
  const counts = new Array<number>(logits.length).fill(0)
  const seed = seedWords("shares")
  for (let i = 0; i < draws; i++) counts[sampleToken(logits, 0, logits.length, options, seed, i).tokenId]! += 1 / draws
  return counts
}

describe("sampling", () => {
  it("draws tokens as often as the softmax says, at any temperature", () => {
    for (const temperature of [1, 0.5, 2]) {
      const weights = [...logits].map((x) => Math.exp(x / temperature))
      const sum = weights.reduce((a, b) => a + b, 0)
      shares({ temperature }).forEach((share, i) => {
        expect(Math.abs(share - weights[i]! / sum)).toBeLessThan(0.02)
      })
    }
  })

  it("reports log-probabilities of the model's own distribution whatever the cut", () => {
    for (const options of [{}, { temperature: 0 }, { temperature: 0.3 }, { topK: 2 }, { topP: 0.5 }]) {
      const { tokenId, logProbability } = sampleToken(logits, 0, 6, options, [1, 2], 3)
      expect(logProbability).toBeCloseTo(Math.log(exponentials[tokenId]! / total), 6)
    }
  })

  it("keeps the k most likely, and the smallest set that reaches p", () => {
    expect(shares({ topK: 2 }).map((share) => share > 0)).toEqual([false, true, false, false, true, false])
    expect(shares({ topP: 0.5 }).map((share) => share > 0)).toEqual([false, true, false, false, false, false])
    expect(shares({ topP: 0.86 }).map((share) => share > 0)).toEqual([true, true, false, false, true, false])
  })

  it("depends on seed and position only, and reads at the offset", () => {
    const twice = Float32Array.from([...logits, ...logits])
    const draws = (seed: string) =>
      Array.from({ length: 50 }, (_, i) => sampleToken(twice, 6, 6, {}, seedWords(seed), i).tokenId)
    expect(draws("a")).toEqual(draws("a"))
    expect(draws("a")).not.toEqual(draws("b"))
  })

  it("says so when logits are not finite", () => {
    expect(() => sampleToken(Float32Array.of(Number.NaN, Number.NaN), 0, 2, {}, [1, 2], 0)).toThrow("not finite")
  })
})

describe("uniform", () => {
  it("is even, and uncorrelated between neighbouring counters and seeds", () => {
    const n = 20_000
    const values = Array.from({ length: n }, (_, i) => uniform(seedWords(i % 100), Math.floor(i / 100)))
    const mean = values.reduce((a, b) => a + b, 0) / n
    const lag = values.slice(1).reduce((sum, value, i) => sum + (value - 0.5) * (values[i]! - 0.5), 0) / n
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.01)
    expect(Math.abs(lag * 12)).toBeLessThan(0.03)
    expect(new Set(values).size).toBe(n)
  })
})
