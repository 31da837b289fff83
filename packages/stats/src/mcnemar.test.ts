import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { mcnemarMidP } from "./mcnemar.ts"

/** Every one of the 2^n ways the discordant items could have fallen, counted one by one. */
function enumeratedMidP(b: number, c: number): number {
  const n = b + c
  let more = 0
  let equal = 0
  for (let outcome = 0; outcome < 2 ** n; outcome += 1) {
    let ones = 0
    for (let bits = outcome; bits > 0; bits >>= 1) ones += bits & 1
    const lead = Math.abs(2 * ones - n)
    if (lead > Math.abs(b - c)) more += 1
    else if (lead === Math.abs(b - c)) equal += 1
  }
  return (more + equal / 2) / 2 ** n
}

describe("mcnemarMidP", () => {
  // scipy 1.x: 1 - binom.pmf(b, b+c, .5)/2 if b == c else 2*binom.cdf(min(b, c)-1, b+c, .5) + binom.pmf(min(b, c), b+c, .5)
  it.each([
    [0, 1, 0.5],
    [5, 5, 0.876953125],
    [1, 6, 0.0703125],
    [2, 10, 0.0224609375],
    [10, 25, 0.011330984183587137],
    [100, 140, 0.009831541178608714],
    [500, 430, 0.021731154029006022],
    [5000, 5200, 0.04767597424321962],
    [1_000_000, 1_003_000, 0.0340287438922957],
    [0, 60, 8.673617379884084e-19],
    [3, 300, 2.8734550189597453e-85],
  ])("of %i against %i agrees with scipy", (b, c, p) => {
    expect(Math.abs(mcnemarMidP(b, c) / p - 1)).toBeLessThan(1e-10)
  })

  it("equals the enumeration of every outcome", () => {
    for (let b = 0; b <= 8; b += 1)
      for (let c = 0; c <= 8; c += 1)
        if (b + c > 0) expect(mcnemarMidP(b, c), `${b}, ${c}`).toBeCloseTo(enumeratedMidP(b, c), 13)
  })

  it("is 1 when the systems never disagree", () => {
    expect(mcnemarMidP(0, 0)).toBe(1)
  })

  it("is symmetric, a probability, and smaller for a more lopsided split", () => {
    fc.assert(
      fc.property(fc.nat({ max: 3000 }), fc.nat({ max: 3000 }), (b, c) => {
        const p = mcnemarMidP(b, c)
        expect(p).toBe(mcnemarMidP(c, b))
        expect(p).toBeGreaterThanOrEqual(0)
        expect(p).toBeLessThanOrEqual(1)
        if (b > c && c > 0) expect(mcnemarMidP(b + 1, c - 1)).toBeLessThanOrEqual(p)
      }),
    )
  })

  it.each([
    [-1, 2],
    [0.5, 2],
    [Number.NaN, 2],
    [2, Number.POSITIVE_INFINITY],
  ])("refuses counts %d and %d", (b, c) => {
    expect(() => mcnemarMidP(b, c)).toThrow("whole number of at least 0")
  })
})
