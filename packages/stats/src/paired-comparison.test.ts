import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { mcnemarMidP } from "./mcnemar.ts"
import { pairedBootstrap } from "./paired-bootstrap.ts"
import { pairedComparison } from "./paired-comparison.ts"
import { tangoInterval } from "./tango.ts"

describe("pairedComparison", () => {
  it("tests right/wrong scores with McNemar's mid-p and counts the items only one got right", () => {
    const base = [true, true, false, false, false, false, true]
    const other = [true, false, true, true, true, false, true]
    const result = pairedComparison(base, other, { seed: 3 })
    expect(result).toMatchObject({ n: 7, accuracyA: 3 / 7, accuracyB: 5 / 7, discordant: { onlyA: 1, onlyB: 3 } })
    expect(result.change.value).toBeCloseTo(2 / 7, 14)
    expect(result.change.p).toBe(mcnemarMidP(3, 1))
    expect(result.change.pMethod).toBe("mcnemar-mid-p")
  })

  it("treats booleans and 0/1 alike", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.boolean()), { minLength: 1, maxLength: 40 }), (items) => {
        const [a, b] = [items.map(([x]) => x), items.map(([, y]) => y)]
        expect(pairedComparison(a, b, { resamples: 50 })).toEqual(
          pairedComparison(a.map(Number), b.map(Number), { resamples: 50 }),
        )
      }),
    )
  })

  it("tests fractional scores with the permutation test and says so", () => {
    const [base, other] = [
      [0.2, 0.5, 1, 0],
      [0.4, 0.5, 1, 0.5],
    ]
    const result = pairedComparison(base, other, { seed: 5 })
    // Of the four sign patterns of .2 and .5 two are as far from 0.
    expect(result.change).toMatchObject({ p: 0.5, pMethod: "paired-permutation", ciMethod: "paired-bootstrap" })
    // Of four items more than half may be of a kind that none of them is.
    const unseen = 1 - 0.025 ** (1 / 4)
    expect(result.change.ci[0]).toBeCloseTo(0.175 - unseen * 1.175, 9)
    expect(result.change.ci[1]).toBeCloseTo(0.175 + unseen * 0.825, 9)
    const many = [base, other].map((scores) => new Array(100).fill(scores).flat()) as [number[], number[]]
    expect(pairedComparison(...many, { seed: 5 }).change.ci).toEqual(pairedBootstrap(...many, { seed: 5 }).ci)
    expect(result.discordant).toBeUndefined()
  })

  it("takes the paired t interval of scores outside [0, 1], which assumes no range", () => {
    const base = new Array(100).fill(0)
    const other = new Array(10).fill([3, -2, 5, -1, 4, 0, -4, 2, 6, -3]).flat()
    const { change } = pairedComparison(base, other, { seed: 5 })
    // scipy.stats.t.interval(0.95, 99, 1, sem(other))
    const [low, high] = [0.33859434947119416, 1.6614056505288057]
    expect(change).toMatchObject({ value: 1, ciMethod: "paired-t", pMethod: "paired-permutation" })
    // Never narrower than what the range that was seen, -4 to 6, leaves possible.
    const unseen = 1 - 0.025 ** (1 / 100)
    expect(change.ci[0]).toBeCloseTo(Math.min(low, 1 - unseen * 11), 9)
    expect(change.ci[1]).toBeCloseTo(Math.max(high, 1 + unseen * 9), 9)
    expect(pairedComparison(other, base, { seed: 5 }).change.ci).toEqual([
      expect.closeTo(-change.ci[1], 9),
      expect.closeTo(-change.ci[0], 9),
    ])
    expect(pairedComparison([2], [3]).change.ciMethod).toBe("paired-bootstrap")
  })

  it("bounds the change where no item differs, and says so", () => {
    // Clopper-Pearson of 0 of 8: beta.ppf(.975, 1, 8)
    const { change } = pairedComparison(new Array(8).fill(true), new Array(8).fill(true))
    expect(change).toMatchObject({ value: 0, p: 1, ciMethod: "none-differs" })
    expect(change.ci).toEqual([expect.closeTo(-0.369417, 6), expect.closeTo(0.369417, 6)])
    expect(pairedComparison([50, 100], [50, 100]).change.ci[1]).toBeCloseTo(100 * (1 - Math.sqrt(0.025)), 6)
  })

  it("takes Tango's interval below ten differing items, and the bootstrap from ten on", () => {
    const lost = (differing: number): [number[], number[]] => [
      new Array(30).fill(1),
      Array.from({ length: 30 }, (_, index) => Number(index >= differing)),
    ]
    const { change } = pairedComparison(...lost(9), { seed: 1 })
    expect(change).toMatchObject({ value: -0.3, ci: tangoInterval(0, 9, 30), ciMethod: "tango-score" })
    expect(pairedComparison(...lost(9), { level: 0.9 }).change.ci).toEqual(tangoInterval(0, 9, 30, 0.9))
    expect(pairedComparison(...lost(10), { seed: 1 }).change).toMatchObject({
      ci: pairedBootstrap(...lost(10), { seed: 1 }).ci,
      ciMethod: "paired-bootstrap",
    })
  })

  it("is mirrored when the systems swap", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.boolean()), { minLength: 1, maxLength: 40 }), (items) => {
        const [a, b] = [items.map(([x]) => x), items.map(([, y]) => y)]
        const forth = pairedComparison(a, b, { resamples: 100 })
        const back = pairedComparison(b, a, { resamples: 100 })
        expect(back.accuracyA).toBe(forth.accuracyB)
        expect(back.change.p).toBe(forth.change.p)
        expect(back.change.value + 0).toBe(-forth.change.value + 0)
        expect(back.change.ci.map((x) => x + 0)).toEqual(forth.change.ci.map((x) => -x + 0).reverse())
      }),
    )
  })

  it("refuses unpaired and unscored items with a sentence", () => {
    expect(() => pairedComparison([true], [true, false])).toThrow("base has 1 items and other has 2")
    expect(() => pairedComparison([0.5, Number.NaN], [1, 1])).toThrow("a[1] is NaN")
  })
})
