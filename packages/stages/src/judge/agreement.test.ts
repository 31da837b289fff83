import type { VerdictRecord } from "@swirl-ts/core"
import { describe, expect, it } from "vitest"
import { agreement } from "./agreement.ts"

const records = (judge: string, verdicts: string, from = 0): VerdictRecord[] =>
  [...verdicts].map((mark, index) => ({
    schema: "swirl.verdict/1",
    id: `${judge}${index}`,
    trajectoryId: `t${(index + from) >> 1}`,
    step: (index + from) & 1,
    judge,
    verdict: mark === "g" ? "good" : mark === "b" ? "bad" : "unscored",
    reason: "",
  }))

describe("calibration", () => {
  it("pairs by step and gives both error rates with intervals", () => {
    const found = agreement(records("rule", "ggggbbg?").toReversed(), records("plan", "gggbbbbg"))
    expect(found).toMatchObject({ judge: "rule", oracle: "plan", n: 7, unscored: 1, unmatched: 0 })
    expect(found.falsePositiveRate).toMatchObject({ count: 2, n: 4, value: 0.5 })
    expect(found.falseNegativeRate).toMatchObject({ count: 0, n: 3, value: 0, ci: [0, expect.any(Number)] })
    expect(found.agreement.value).toBeCloseTo(5 / 7)
    expect(found.agreement.ci[0]).toBeLessThan(5 / 7)
  })

  it("counts steps that only one of them has", () => {
    expect(agreement(records("rule", "gggg"), records("plan", "gggg", 2))).toMatchObject({ n: 2, unmatched: 4 })
  })

  it("refuses what cannot be compared, in a sentence", () => {
    expect(() => agreement(records("rule", "g"), records("plan", "g", 5))).toThrow(/no step in common/)
    expect(() => agreement([], records("plan", "g"))).toThrow(/judge has no verdicts/)
    expect(() => agreement([...records("a", "g"), ...records("b", "g")], records("plan", "g"))).toThrow(/two judges/)
  })
})
