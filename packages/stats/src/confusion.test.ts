import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { confusion } from "./confusion.ts"
import { wilsonInterval } from "./wilson.ts"

const verdict = fc.constantFrom("good" as const, "bad" as const, "unscored" as const)

describe("confusion", () => {
  const judge = ["good", "good", "bad", "good", "bad", "unscored", "good"] as const
  const oracle = ["good", "bad", "bad", "good", "good", "good", "unscored"] as const

  it("counts errors against the oracle and leaves unscored pairs out", () => {
    const table = confusion(judge, oracle)
    expect(table).toMatchObject({
      n: 5,
      unscored: 2,
      truePositives: 2,
      falsePositives: 1,
      trueNegatives: 1,
      falseNegatives: 1,
      agreement: { value: 3 / 5, count: 3, n: 5, ci: wilsonInterval(3, 5) },
      falsePositiveRate: { value: 1 / 2, count: 1, n: 2, ci: wilsonInterval(1, 2) },
      falseNegativeRate: { value: 1 / 3, count: 1, n: 3, ci: wilsonInterval(1, 3) },
    })
  })

  it("leaves a rate over no steps undefined instead of 0", () => {
    const table = confusion([true, false], [true, true])
    expect(table.falsePositiveRate).toBeUndefined()
    expect(table.falseNegativeRate?.value).toBe(0.5)
  })

  it("accounts for every pair, and swaps error kinds when judge and oracle swap", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(verdict, verdict), { minLength: 1, maxLength: 50 }), (items) => {
        const [a, b] = [
          ["good" as const, ...items.map(([x]) => x)],
          ["bad" as const, ...items.map(([, y]) => y)],
        ]
        const forth = confusion(a, b)
        const back = confusion(b, a)
        const { truePositives, falsePositives, trueNegatives, falseNegatives, unscored } = forth
        expect(truePositives + falsePositives + trueNegatives + falseNegatives + unscored).toBe(a.length)
        expect(back.falseNegatives).toBe(falsePositives)
        expect(back.agreement).toEqual(forth.agreement)
        expect(back.kappa).toBe(forth.kappa)
      }),
    )
  })

  it("refuses unequal, empty, wholly unscored and unknown verdicts with a sentence", () => {
    expect(() => confusion([true], [true, false])).toThrow("judgeVerdicts has 1 items and oracleVerdicts has 2")
    expect(() => confusion([], [])).toThrow("empty")
    expect(() => confusion(["unscored"], ["good"])).toThrow("Every pair is unscored")
    expect(() => confusion(["fine" as "good"], ["good"])).toThrow('judgeVerdicts[0] is "fine"')
  })
})
