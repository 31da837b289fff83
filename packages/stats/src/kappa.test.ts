import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { cohenKappa, kappaInterval } from "./kappa.ts"

/** A table of counts (rows: first rater) as two lists of labels. */
function ratings(table: readonly (readonly number[])[]): [number[], number[]] {
  const pairs = table.flatMap((row, i) =>
    row.flatMap((count, j) => Array.from({ length: count }, () => [i, j] as const)),
  )
  return [pairs.map(([i]) => i), pairs.map(([, j]) => j)]
}

const pairs = fc.array(fc.tuple(fc.constantFrom("a", "b", "c"), fc.constantFrom("a", "b", "c")), {
  minLength: 2,
  maxLength: 80,
})

describe("cohenKappa", () => {
  // scikit-learn 1.x: sklearn.metrics.cohen_kappa_score(a, b)
  it("agrees with scikit-learn", () => {
    expect(cohenKappa([1, 1, 0, 0, 1, 0, 1, 1, 0, 1], [1, 0, 0, 0, 1, 1, 1, 1, 0, 1])).toBeCloseTo(7 / 12, 14)
    expect(cohenKappa([..."abcabcabca"], [..."abcaacabcc"])).toBeCloseTo(0.696969696969697, 14)
  })

  it("is 1 for perfect agreement, 0 for chance, undefined where only one label exists", () => {
    expect(cohenKappa(["a", "b"], ["a", "b"])).toBe(1)
    expect(cohenKappa(["a", "a", "b", "b"], ["a", "b", "a", "b"])).toBe(0)
    expect(cohenKappa(["a", "a"], ["a", "a"])).toBeUndefined()
  })
})

describe("kappaInterval", () => {
  // statsmodels 0.14: stats.inter_rater.cohens_kappa(table), kappa, std_kappa, kappa_low, kappa_upp (cut at 1 here).
  it.each([
    [
      [
        [20, 5],
        [10, 15],
      ],
      0.4,
      0.12699606293110033,
      0.151092290476661,
      0.6489077095233389,
    ],
    [
      [
        [88, 14, 18],
        [10, 40, 10],
        [2, 6, 12],
      ],
      0.49152542372881347,
      0.05100181557607786,
      0.3915637020535469,
      0.59148714540408,
    ],
    [
      [
        [45, 15],
        [25, 15],
      ],
      0.13043478260869554,
      0.0986615376234396,
      -0.06293827779258965,
      0.3238078430099807,
    ],
    [
      [
        [9, 1],
        [0, 10],
      ],
      0.9,
      0.09697937925146778,
      0.709923909424072,
      1,
    ],
    [
      [
        [50, 0],
        [1, 2],
      ],
      0.790513833992095,
      0.2028963691394845,
      0.3928442578847612,
      1,
    ],
  ])("of %j agrees with statsmodels", (table, value, standardError, low, high) => {
    const found = kappaInterval(...ratings(table))!
    expect(found.value).toBeCloseTo(value, 12)
    expect(found.standardError).toBeCloseTo(standardError, 12)
    expect(found.ci[0]).toBeCloseTo(low, 10)
    expect(found.ci[1]).toBeCloseTo(high, 10)
  })

  it("holds kappa, stays within -1 and 1, and does not care about the order of raters, items or names", () => {
    fc.assert(
      fc.property(pairs, (items) => {
        const [a, b] = [items.map(([x]) => x), items.map(([, y]) => y)]
        const found = kappaInterval(a, b)
        expect(found?.value).toBe(cohenKappa(a, b))
        if (!found) return
        const [low, high] = found.ci
        expect(-1 <= low && low <= found.value && found.value <= high && high <= 1).toBe(true)
        expect(high - low).toBeGreaterThan(0.01)
        const renamed = (label: string) => (label === "a" ? 7 : label === "b" ? 3 : 5)
        const others = [
          kappaInterval(b, a),
          kappaInterval(a.toReversed(), b.toReversed()),
          kappaInterval(a.map(renamed), b.map(renamed)),
        ]
        for (const other of others) {
          expect(other?.ci[0]).toBeCloseTo(found.ci[0], 10)
          expect(other?.ci[1]).toBeCloseTo(found.ci[1], 10)
        }
      }),
    )
  })

  it("narrows with more of the same", () => {
    const width = (times: number) => {
      const [a, b] = ratings([
        [20 * times, 5 * times],
        [10 * times, 15 * times],
      ])
      const [low, high] = kappaInterval(a, b)!.ci
      return high - low
    }
    expect(width(4)).toBeCloseTo(width(1) / 2, 10)
  })

  it("does not take five agreements for certainty", () => {
    const labels = [true, false, true, false, true]
    const few = kappaInterval(labels, labels)!
    expect([few.value, few.ci[1]]).toEqual([1, 1])
    expect(few.ci[0]).toBeLessThan(0.5)
    const many = Array.from({ length: 400 }, (_, index) => index % 2 === 0)
    expect(kappaInterval(many, many)!.ci[0]).toBeGreaterThan(0.95)
  })

  it("does not take a rater who always says the same for certainty", () => {
    const truth = [...Array.from({ length: 7 }, () => true), ...Array.from({ length: 5 }, () => false)]
    const found = kappaInterval(
      truth,
      truth.map(() => true),
    )!
    expect(found.value).toBeCloseTo(0, 12)
    expect(found.ci[0]).toBeLessThan(-0.3)
    expect(found.ci[1]).toBeGreaterThan(0.3)
  })

  it("is undefined where only one label exists, and refuses unequal lists", () => {
    expect(kappaInterval(["a", "a"], ["a", "a"])).toBeUndefined()
    expect(() => kappaInterval([1], [1, 2])).toThrow("paired statistic")
    expect(() => kappaInterval([1, 2], [1, 2], { level: 95 })).toThrow("level is 95")
  })
})
