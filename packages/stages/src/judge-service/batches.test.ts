import fc from "fast-check"
import { expect, test } from "vitest"
import { inBatches } from "./batches.ts"

test("every item gets its own result, in batches of at most so many, however they arrive", async () => {
  const arrivals = fc.array(fc.record({ item: fc.nat(99), pause: fc.constantFrom(0, 0, 0, 1, 3) }), { maxLength: 30 })
  await fc.assert(
    fc.asyncProperty(arrivals, fc.integer({ min: 1, max: 7 }), fc.constantFrom(0, 1, 2), async (all, most, wait) => {
      const sizes: number[] = []
      const ask = inBatches({ most, wait }, async (items: readonly number[]) => {
        sizes.push(items.length)
        await new Promise((resolve) => setTimeout(resolve, items[0]! % 3))
        return items.map((item) => item * 2)
      })
      const results: Promise<number>[] = []
      for (const { item, pause } of all) {
        results.push(ask(item))
        if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause))
      }
      expect(await Promise.all(results)).toEqual(all.map(({ item }) => item * 2))
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(all.length)
      expect(Math.max(0, ...sizes)).toBeLessThanOrEqual(most)
    }),
    { numRuns: 40 },
  )
})

test("what arrives together is one batch; where that fails, all of it fails, and the next is handled", async () => {
  const batches: string[][] = []
  const ask = inBatches({ most: 10, wait: 5 }, async (items: readonly string[]) => {
    batches.push([...items])
    if (items.includes("bad")) throw new Error("no judge")
    return items
  })
  const together = await Promise.allSettled([ask("a"), ask("bad"), ask("b")])
  expect(together.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"])
  expect(await ask("c")).toBe("c")
  expect(batches).toEqual([["a", "bad", "b"], ["c"]])
})
