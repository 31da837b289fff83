import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { hasVariance, leaveOneOutAdvantages } from "./advantages.ts"

const reward = fc.double({ min: 0, max: 1, noNaN: true })
const group = fc.array(fc.option(reward, { nil: undefined }), { maxLength: 16 })
const scored = (all: readonly (number | undefined)[]) => all.filter((value) => value !== undefined)
const sum = (all: readonly (number | undefined)[]) => scored(all).reduce((total, value) => total + value, 0)

describe("leaveOneOutAdvantages", () => {
  it("takes the mean of the other scored samples away", () => {
    expect(leaveOneOutAdvantages([1, 0, undefined, 0])).toEqual([1, -0.5, undefined, -0.5])
    expect(leaveOneOutAdvantages([1, 0])).toEqual([1, -1])
  })

  it("gives no policy term with fewer than two scored samples, and none to an unscored one", () => {
    expect(leaveOneOutAdvantages([1, undefined])).toEqual([0, undefined])
    expect(leaveOneOutAdvantages([undefined])).toEqual([undefined])
    expect(leaveOneOutAdvantages([])).toEqual([])
  })

  it("sums to zero over a group, and is exactly zero where rewards are equal", () => {
    fc.assert(
      fc.property(group, fc.constantFrom("none" as const, "standard-deviation" as const), (rewards, normalise) => {
        const result = leaveOneOutAdvantages(rewards, normalise)
        // The scale 1 / (deviation + 1e-4) is at most 10^4, rounding grows with it.
        expect(Math.abs(sum(result))).toBeLessThan(normalise === "none" ? 1e-12 : 1e-8)
        expect(result.map((value) => value === undefined)).toEqual(rewards.map((value) => value === undefined))
        if (!hasVariance(rewards)) for (const value of scored(result)) expect(value).toBe(0)
      }),
    )
  })

  it("ignores a constant added to all rewards and scales with a factor", () => {
    fc.assert(
      fc.property(group, reward, fc.double({ min: 0.1, max: 10, noNaN: true }), (rewards, shift, factor) => {
        const before = leaveOneOutAdvantages(rewards)
        const after = leaveOneOutAdvantages(
          rewards.map((value) => (value === undefined ? value : value * factor + shift)),
        )
        before.forEach((value, index) => {
          if (value === undefined) expect(after[index]).toBeUndefined()
          else expect(after[index]).toBeCloseTo(value * factor, 9)
        })
      }),
    )
  })

  it("is n/(n-1) times the distance from the group's mean", () => {
    fc.assert(
      fc.property(fc.array(reward, { minLength: 2, maxLength: 12 }), (rewards) => {
        const n = rewards.length
        const mean = sum(rewards) / n
        leaveOneOutAdvantages(rewards).forEach((value, index) => {
          expect(value).toBeCloseTo((n / (n - 1)) * (rewards[index]! - mean), 9)
        })
      }),
    )
  })

  it("divides by the standard deviation only when asked", () => {
    const [plain] = leaveOneOutAdvantages([1, 0, 0, 0])
    const [scaled] = leaveOneOutAdvantages([1, 0, 0, 0], "standard-deviation")
    expect(scaled! / plain!).toBeCloseTo(1 / (Math.sqrt(3 / 16) + 1e-4), 9)
  })
})
