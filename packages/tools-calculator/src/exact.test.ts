import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { power, round } from "./arithmetic.ts"
import { divideHalfEven, fraction, toDouble } from "./exact.ts"

const double = fc.double({ noNaN: true, noDefaultInfinity: true })

describe("exact fractions", () => {
  it("come back as the double they were made from, subnormal ones included", () => {
    fc.assert(
      fc.property(double, (value) => {
        expect(toDouble(fraction(value))).toBe(value + 0)
      }),
    )
    for (const value of [5e-324, 2.2250738585072014e-308, Number.MAX_VALUE, -1])
      expect(toDouble(fraction(value))).toBe(value)
  })

  it("round quotients of whole numbers as the processor does", () => {
    const whole = fc.bigInt({ min: -(2n ** 53n), max: 2n ** 53n })
    fc.assert(
      fc.property(whole, fc.bigInt({ min: 1n, max: 2n ** 53n }), (numerator, denominator) => {
        expect(toDouble({ numerator, denominator })).toBe(Number(numerator) / Number(denominator) + 0)
      }),
    )
    expect(toDouble({ numerator: 2n ** 1024n, denominator: 1n })).toBe(Number.POSITIVE_INFINITY)
  })

  it("send ties to the even neighbour", () => {
    expect([1n, 3n, 5n, -1n, -3n].map((n) => divideHalfEven(n, 2n))).toEqual([0n, 2n, 2n, 0n, -2n])
  })
})

describe("power and round", () => {
  it("give whole powers that are correctly rounded", () => {
    // python3 -c "from fractions import Fraction as F; print(float(F(18)**17), float(F(1.05)**10), float(F(7.3)**-5), float(F(-2.5)**-3))"
    expect(power(18, 17)).toBe(2.1859115597386964e21)
    expect(power(1.05, 10)).toBe(1.628894626777442)
    expect(power(7.3, -5)).toBe(4.823760083234135e-5)
    expect(power(-2.5, -3)).toBe(-0.064)
  })

  it("round half to even on the exact binary value, as Python", () => {
    expect([0.5, 1.5, 2.5, -0.5, -1.5].map((value) => round(value) + 0)).toEqual([0, 2, 2, 0, -2])
    expect([round(2.675, 2), round(0.125, 2), round(1250, -2), round(1e300, 20)]).toEqual([2.67, 0.12, 1200, 1e300])
  })

  it("never move a number by more than half a unit of the last kept digit", () => {
    fc.assert(
      fc.property(fc.double({ min: -1e9, max: 1e9, noNaN: true }), fc.integer({ min: 0, max: 6 }), (value, digits) => {
        expect(Math.abs(round(value, digits) - value)).toBeLessThanOrEqual(0.5 * 10 ** -digits * (1 + 1e-6) + 1e-7)
      }),
    )
  })
})
