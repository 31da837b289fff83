import { setImmediate as turn } from "node:timers/promises"
import fc from "fast-check"
import { expect, it } from "vitest"
import { createLimiter } from "./limiter.ts"

it("runs every call in the order of asking, never more at once than the limit, failures or not", async () => {
  const calls = fc.array(fc.record({ after: fc.nat(3), turns: fc.nat(4), fails: fc.boolean() }), { maxLength: 30 })
  await fc.assert(
    fc.asyncProperty(calls, fc.integer({ min: 1, max: 5 }), async (planned, limit) => {
      const limited = createLimiter(limit)
      const begun: number[] = []
      let running = 0
      let most = 0
      const results: Promise<string>[] = []
      for (const [index, { after, turns, fails }] of planned.entries()) {
        for (let i = 0; i < after; i++) await turn()
        const call = limited(async () => {
          begun.push(index)
          most = Math.max(most, ++running)
          for (let i = 0; i < turns; i++) await turn()
          running--
          if (fails) throw new Error("no")
          return "yes"
        })
        results.push(call.catch((error: Error) => error.message))
      }
      expect(await Promise.all(results)).toEqual(planned.map(({ fails }) => (fails ? "no" : "yes")))
      expect(begun).toEqual(planned.map((_, index) => index))
      expect([running, most <= limit]).toEqual([0, true])
    }),
  )
})
