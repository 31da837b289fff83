import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { pairedBootstrap } from "./paired-bootstrap.ts"

const score = fc.double({ min: -100, max: 100, noNaN: true })
const pairs = fc.array(fc.tuple(score, score), { minLength: 1, maxLength: 30 })
const split = (items: [number, number][]) => [items.map(([a]) => a), items.map(([, b]) => b)] as const
const options = (seed: number) => ({ seed, resamples: 200 })

describe("pairedBootstrap", () => {
  // scipy 1.x, 200,000 resamples: scipy.stats.bootstrap((b - a,), np.mean, n_resamples=200000, method="percentile", random_state=1)
  it("agrees with scipy on right/wrong scores", () => {
    const a = Array.from({ length: 100 }, (_, i) => (i < 60 ? 0 : 1))
    const b = Array.from({ length: 100 }, (_, i) => (i < 45 || i >= 92 ? 0 : 1))
    const result = pairedBootstrap(a, b, { seed: 1 })
    expect(result.difference).toBeCloseTo(0.07, 12)
    expect(Math.abs(result.ci[0] - -0.02)).toBeLessThan(0.0101)
    expect(Math.abs(result.ci[1] - 0.16)).toBeLessThan(0.0101)
  })

  it("agrees with scipy on fractional scores", () => {
    const a = Array.from({ length: 50 }, (_, i) => i / 50)
    const b = a.map((value, i) => value + Math.sin(i) / 2)
    const result = pairedBootstrap(a, b, { seed: 1 })
    expect(result.difference).toBeCloseTo(0.0016325205419597034, 12)
    expect(Math.abs(result.ci[0] - -0.09611226919269543)).toBeLessThan(0.004)
    expect(Math.abs(result.ci[1] - 0.09950165419336478)).toBeLessThan(0.004)
  })

  it("gives the same result for the same seed and another for another", () => {
    const a = Array.from({ length: 40 }, (_, i) => Math.cos(i))
    const b = Array.from({ length: 40 }, (_, i) => Math.sin(i * i))
    expect(pairedBootstrap(a, b, { seed: 7 })).toEqual(pairedBootstrap(a, b, { seed: 7 }))
    expect(pairedBootstrap(a, b, { seed: 7 })).not.toEqual(pairedBootstrap(a, b, { seed: 8 }))
    expect(pairedBootstrap(a, b, { seed: 7 })).not.toEqual(pairedBootstrap(a, b, { seed: 7 + 2 ** 40 }))
  })

  it("has an interval that contains the difference, and p in (0, 1]", () => {
    fc.assert(
      fc.property(pairs, fc.integer(), (items, seed) => {
        const { difference, ci, p } = pairedBootstrap(...split(items), options(seed))
        const [low, high] = ci
        expect(low <= difference && difference <= high).toBe(true)
        expect(p > 0 && p <= 1).toBe(true)
      }),
    )
  })

  it("is mirrored when the two systems swap", () => {
    fc.assert(
      fc.property(pairs, fc.integer(), (items, seed) => {
        const [a, b] = split(items)
        const forth = pairedBootstrap(a, b, options(seed))
        const back = pairedBootstrap(b, a, options(seed))
        expect(back.difference + 0).toBe(-forth.difference + 0)
        expect(back.ci[0] + 0).toBe(-forth.ci[1] + 0)
        expect(back.ci[1] + 0).toBe(-forth.ci[0] + 0)
        expect(back.p).toBe(forth.p)
      }),
    )
  })

  it("finds no difference between equal scores, and a sure one between disjoint scores", () => {
    const zeros = Array.from({ length: 30 }, () => 0)
    expect(pairedBootstrap(zeros, zeros)).toEqual({ difference: 0, ci: [0, 0], p: 1 })
    const b = zeros.map((_, i) => 1 + i / 100)
    expect(pairedBootstrap(zeros, b, { resamples: 999 }).p).toBe(0.001)
  })

  it("covers the true difference about as often as its level says", () => {
    let covered = 0
    for (let trial = 0; trial < 200; trial += 1) {
      const noise = (i: number) => (Math.abs(Math.sin((trial * 97 + i + 1) * 12.9898) * 43758.5453) % 1) - 0.5
      const a = Array.from({ length: 80 }, (_, i) => Math.sin(i))
      const b = a.map((value, i) => value + 0.3 + noise(i))
      const [low, high] = pairedBootstrap(a, b, { seed: trial, resamples: 400, level: 0.9 }).ci
      if (low <= 0.3 && 0.3 <= high) covered += 1
    }
    expect(covered).toBeGreaterThan(165)
    expect(covered).toBeLessThan(196)
  })

  it.each([
    [[1], [1, 2], {}, "a has 1 items and b has 2"],
    [[], [], {}, "empty"],
    [[Number.NaN], [1], {}, "a[0] is NaN"],
    [[1], [Number.POSITIVE_INFINITY], {}, "b[0] is Infinity"],
    [[1], [1], { resamples: 0 }, "resamples is 0"],
    [[1], [1], { level: 0 }, "level is 0"],
    [[1], [1], { seed: 0.5 }, "seed is 0.5"],
  ])("refuses %j against %j with %j in a sentence", (a, b, bad, message) => {
    expect(() => pairedBootstrap(a, b, bad)).toThrow(message)
  })
})
