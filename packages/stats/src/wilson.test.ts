import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { normalQuantile } from "./normal.ts"
import { wilsonInterval } from "./wilson.ts"

const trials = fc.nat({ max: 100_000 }).chain((n) => fc.tuple(fc.nat({ max: n }), fc.constant(n + 1)))
const level = fc.double({ min: 0.01, max: 0.9999, noNaN: true })

describe("wilsonInterval", () => {
  // statsmodels 0.14: proportion_confint(successes, n, alpha=1 - level, method="wilson")
  it.each([
    [0, 10, 0.95, 0, 0.27753279986288926],
    [10, 10, 0.95, 0.7224672001371106, 1],
    [7, 10, 0.95, 0.39677814746114537, 0.8922087325936989],
    [1, 1, 0.95, 0.2065493143772374, 1],
    [850, 1319, 0.95, 0.6182091984745114, 0.6698071752636231],
    [850, 1319, 0.99, 0.6098316126336019, 0.6775778399818193],
    [3, 7405, 0.95, 0.0001377906768819674, 0.0011905491013943308],
    [42, 100, 0.9, 0.34197298067089527, 0.5022418546544125],
  ])("of %i in %i at level %f agrees with statsmodels", (successes, n, atLevel, low, high) => {
    const interval = wilsonInterval(successes, n, atLevel)
    expect(interval[0]).toBeCloseTo(low, 12)
    expect(interval[1]).toBeCloseTo(high, 12)
  })

  it("contains the observed rate and stays within 0 and 1", () => {
    fc.assert(
      fc.property(trials, level, ([successes, n], atLevel) => {
        const [low, high] = wilsonInterval(successes, n, atLevel)
        expect(0 <= low && low <= successes / n && successes / n <= high && high <= 1).toBe(true)
      }),
    )
  })

  it("is mirrored when successes and failures swap", () => {
    fc.assert(
      fc.property(trials, level, ([successes, n], atLevel) => {
        const interval = wilsonInterval(successes, n, atLevel)
        const mirrored = wilsonInterval(n - successes, n, atLevel)
        expect(mirrored[0]).toBeCloseTo(1 - interval[1], 12)
        expect(mirrored[1]).toBeCloseTo(1 - interval[0], 12)
      }),
    )
  })

  it("widens with the level and narrows with more trials", () => {
    fc.assert(
      fc.property(trials, ([successes, n]) => {
        const width = (s: number, of: number, at: number) => {
          const [low, high] = wilsonInterval(s, of, at)
          return high - low
        }
        expect(width(successes, n, 0.99)).toBeGreaterThan(width(successes, n, 0.9))
        expect(width(2 * successes, 2 * n, 0.95)).toBeLessThan(width(successes, n, 0.95))
      }),
    )
  })

  it.each([
    [1, 0, 0.95, "n is 0"],
    [3, 2, 0.95, "more successes than trials"],
    [-1, 2, 0.95, "successes is -1"],
    [1.5, 2, 0.95, "whole number"],
    [Number.NaN, 2, 0.95, "successes is NaN"],
    [1, 2, 1, "level is 1"],
    [1, 2, 95, "level is 95"],
  ])("refuses %d of %d at level %d with a sentence", (successes, n, atLevel, message) => {
    expect(() => wilsonInterval(successes, n, atLevel)).toThrow(message)
  })
})

describe("normalQuantile", () => {
  // scipy 1.x: scipy.stats.norm.ppf(p)
  it.each([
    [0.6, 0.2533471031357997],
    [0.95, 1.6448536269514722],
    [0.975, 1.959963984540054],
    [0.995, 2.5758293035489004],
    [1 - 1e-6, 4.753424308817087],
  ])("of %f agrees with scipy", (p, z) => {
    expect(normalQuantile(p)).toBeCloseTo(z, 10)
    expect(normalQuantile(1 - p)).toBeCloseTo(-z, 8)
  })
})
