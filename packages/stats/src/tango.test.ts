import fc from "fast-check"
import { expect, test } from "vitest"
import { tangoInterval } from "./tango.ts"

const counts = fc
  .tuple(fc.nat({ max: 60 }), fc.nat({ max: 60 }), fc.nat({ max: 2000 }))
  .map(([b, c, rest]) => [b, c, Math.max(1, b + c + rest)] as const)

test("one pair of thirty says less than that the change is at least zero, which is where a percentile bootstrap ends", () => {
  const [low, high] = tangoInterval(1, 0, 30)
  expect(low).toBeLessThan(-0.05)
  expect(high).toBeCloseTo(0.166704, 6)
})

test("it holds the difference, lies in -1 to 1, and is mirrored when the systems swap", () => {
  fc.assert(
    fc.property(counts, ([b, c, n]) => {
      const [low, high] = tangoInterval(b, c, n)
      expect(-1 <= low && low <= (b - c) / n && (b - c) / n <= high && high <= 1).toBe(true)
      expect(tangoInterval(c, b, n)).toEqual([-high, -low])
    }),
  )
})

test("all pairs won leave nothing above", () => {
  expect(tangoInterval(4, 0, 4)[1]).toBe(1)
})

test("it widens with the level, and impossible counts are refused", () => {
  const [low, high] = tangoInterval(3, 2, 50, 0.99)
  const [inner, outer] = tangoInterval(3, 2, 50, 0.9)
  expect(low < inner && outer < high).toBe(true)
  expect(() => tangoInterval(3, 2, 4)).toThrow("there cannot be more successes than trials")
  expect(() => tangoInterval(-1, 0, 3)).toThrow("b01 is -1")
})
