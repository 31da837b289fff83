import { describe, expect, it } from "vitest"
import { mean, standardError } from "./mean.ts"

describe("mean and standardError", () => {
  it("agree with scipy", () => {
    // scipy 1.x: scipy.stats.sem([1, 2, 4, 8]), scipy.stats.sem([0, 1, 1, 0, 1])
    expect(mean([1, 2, 4, 8])).toBe(3.75)
    expect(standardError([1, 2, 4, 8])).toBeCloseTo(1.547847968417226, 14)
    expect(standardError([0, 1, 1, 0, 1])).toBeCloseTo(0.24494897427831783, 14)
  })

  it("refuse an empty sample, NaN, and an error from one item", () => {
    expect(() => mean([])).toThrow("empty")
    expect(() => mean([1, Number.NaN])).toThrow("values[1] is NaN")
    expect(() => standardError([1])).toThrow("at least two")
  })
})
