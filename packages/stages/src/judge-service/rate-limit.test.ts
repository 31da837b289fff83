import fc from "fast-check"
import { expect, test } from "vitest"
import { rateLimit } from "./rate-limit.ts"

const asks = fc.array(
  fc.record({ count: fc.integer({ min: 1, max: 50 }), pause: fc.double({ min: 0, max: 4, noNaN: true }) }),
)

test("no more is taken than the rate allows, but for what came at once at the end; who waits as told is taken", () => {
  fc.assert(
    fc.property(asks, fc.integer({ min: 1, max: 20 }), (all, perSecond) => {
      let time = 100
      const limit = rateLimit(perSecond, () => time)
      const start = time
      const taken: number[] = []
      for (const { count, pause } of all) {
        time += pause
        const { retryAfter } = limit.take(count)
        if (retryAfter === undefined) taken.push(count)
        else {
          expect(Number.isInteger(retryAfter) && retryAfter >= 1).toBe(true)
          time += retryAfter
          expect(limit.take(count).retryAfter).toBeUndefined()
          taken.push(count)
        }
        const before = taken.slice(0, -1).reduce((sum, each) => sum + each, 0)
        expect(before).toBeLessThan(perSecond * (time - start + 1) + 1e-6)
      }
    }),
  )
})
