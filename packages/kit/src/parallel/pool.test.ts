import { setImmediate as turn } from "node:timers/promises"
import fc from "fast-check"
import { expect, it } from "vitest"
import { inParallel, mapInParallel } from "./pool.ts"

/** How many turns of the event loop each item takes, the limit, and whether the source is asynchronous and slow itself. */
const work = fc.record({
  turns: fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 24 }),
  limit: fc.integer({ min: 1, max: 8 }),
  slowSource: fc.boolean(),
})

async function* slowly<T>(items: readonly T[]): AsyncGenerator<T> {
  for (const item of items) {
    await turn()
    yield item
  }
}

const pass = async (turns: number): Promise<void> => {
  for (let i = 0; i < turns; i++) await turn()
}

it("does every item once, begun in order, as many at once as allowed and never more", async () => {
  await fc.assert(
    fc.asyncProperty(work, async ({ turns, limit, slowSource }) => {
      const items = turns.map((count, index) => ({ count, index }))
      const begun: number[] = []
      const ended: number[] = []
      let running = 0
      let most = 0
      await inParallel(slowSource ? slowly(items) : items, limit, async ({ count, index }) => {
        begun.push(index)
        most = Math.max(most, ++running)
        await pass(count)
        running--
        ended.push(index)
      })
      expect(running).toBe(0)
      expect(begun).toEqual(items.map(({ index }) => index))
      expect([...ended].sort((a, b) => a - b)).toEqual(begun)
      expect(most).toBeLessThanOrEqual(limit)
      if (!slowSource && turns.every((count) => count > 1)) expect(most).toBe(Math.min(limit, items.length))
    }),
  )
})

it("throws the first failure when all under way has ended, and begins nothing after it", async () => {
  await fc.assert(
    fc.asyncProperty(work, fc.nat(), fc.boolean(), async ({ turns, limit, slowSource }, which, early) => {
      fc.pre(turns.length > 0)
      const failing = which % turns.length
      const items = turns.map((count, index) => ({ count, index }))
      let running = 0
      let failed = false
      let begunAfter = 0
      const heard: unknown[] = []
      const result = inParallel(
        slowSource ? slowly(items) : items,
        limit,
        async ({ count, index }) => {
          if (failed) begunAfter++
          running++
          await pass(index === failing && early ? 0 : count)
          running--
          if (index < failing) return
          failed = true
          throw new Error(`item ${index}`)
        },
        (error) => heard.push(error),
      )
      const error: Error = await result.then(
        () => expect.unreachable(),
        (thrown) => thrown,
      )
      expect([running, begunAfter]).toEqual([0, 0])
      expect(heard).toEqual([error])
      await pass(6)
      expect([running, begunAfter]).toEqual([0, 0])
    }),
  )
})

it("ends its source after a failure, and passes on what the source itself throws", async () => {
  let ended = false
  async function* long() {
    try {
      for (let i = 0; i < 10_000; i++) yield i
    } finally {
      ended = true
    }
  }
  await expect(
    inParallel(long(), 3, async (i) => {
      if (i === 5) throw new Error("five")
    }),
  ).rejects.toThrow("five")
  expect(ended).toBe(true)

  let running = 0
  async function* broken() {
    yield 1
    throw new Error("line 2 is torn")
  }
  await expect(
    inParallel(broken(), 3, async () => {
      running++
      await pass(5)
      running--
    }),
  ).rejects.toThrow("line 2 is torn")
  expect(running).toBe(0)
})

it("takes no item before there is a place for it", async () => {
  let taken = 0
  let ended = 0
  function* items() {
    for (let i = 0; i < 40; i++) {
      taken++
      yield i
    }
  }
  await inParallel(items(), 4, async () => {
    await turn()
    expect(taken - ended).toBeLessThanOrEqual(4)
    ended++
  })
  expect(ended).toBe(40)
})

it("maps in the order of the items, whatever ends first", async () => {
  await fc.assert(
    fc.asyncProperty(work, async ({ turns, limit }) => {
      const results = await mapInParallel(turns, limit, async (count) => {
        await pass(count)
        return count * 2
      })
      expect(results).toEqual(turns.map((count) => count * 2))
    }),
  )
})
