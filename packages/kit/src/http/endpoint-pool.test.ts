import { random, SwirlError } from "@swirl-ts/core"
import { createVirtualClock } from "@swirl-ts/test-support"
import { describe, expect, it } from "vitest"
import { createEndpointPool } from "./endpoint-pool.ts"
import { HttpError } from "./http-error.ts"
import { withRetry } from "./retry.ts"

const refused = () => new HttpError("could not be reached", { isRetryable: true, cause: { code: "ECONNREFUSED" } })
const answers = (statusCode: number, responseHeaders?: Record<string, string>) =>
  new HttpError(`answered ${statusCode}`, { isRetryable: statusCode >= 429, statusCode, responseHeaders })

/** Endpoints whose calls take 100 ms, or what is said; each may fail. */
function world(count: number, { patience }: { patience?: number } = {}) {
  const clock = createVirtualClock()
  const names = Array.from({ length: count }, (_, place) => `http://host-${place}/v1/`)
  const pool = createEndpointPool(names, { ...clock, patience })
  const down = new Map<number, () => unknown>()
  const asked: { endpoint: number; at: number }[] = []
  let most = names.map(() => 0)
  const call = async (endpoint: number, milliseconds = 100): Promise<number> => {
    asked.push({ endpoint, at: clock.now() })
    most = most.map((known, place) => Math.max(known, pool.counts()[place]!.inFlight))
    const failure = down.get(endpoint)
    if (failure) throw failure()
    await clock.sleep(milliseconds)
    return endpoint
  }
  const ask = (prefixKey?: string, milliseconds?: number) =>
    pool.ask((endpoint) => call(endpoint, milliseconds), { prefixKey })
  const of = (endpoint: number) => asked.filter((each) => each.endpoint === endpoint)
  return { clock, pool, down, asked, ask, of, most: () => most }
}

/** So many calls, some at once; `each` gives what one gives. */
const many = async <T>(count: number, atOnce: number, each: (number: number) => Promise<T>): Promise<T[]> => {
  const results: T[] = []
  let next = 0
  const worker = async () => {
    while (next < count) {
      const number = next++
      results[number] = await each(number)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return results
}

describe("load", () => {
  it("is as many in flight everywhere, whatever is slow", async () => {
    const { clock, pool, ask, most } = world(3)
    const draw = random(1)
    await clock.run(many(600, 30, () => ask(undefined, 10 + 1000 * draw.next())))
    expect(most()).toEqual([10, 10, 10])
    const requests = pool.counts().map((count) => count.requests)
    expect(requests.reduce((a, b) => a + b)).toBe(600)
    expect(Math.min(...requests)).toBeGreaterThan(150)
  })

  it("follows a conversation to its endpoint while that is not much fuller than the others", async () => {
    const { clock, ask, most } = world(4)
    const calls = many(800, 40, async (number) => [number % 100, await ask(`conversation ${number % 100}`)] as const)
    const found = await clock.run(calls)
    const byKey = Map.groupBy(found, ([key]) => key)
    const faithful = [...byKey.values()].map((each) => {
      const counts = Map.groupBy(each, ([, endpoint]) => endpoint)
      return Math.max(...[...counts.values()].map(({ length }) => length)) / each.length
    })
    expect(faithful.reduce((a, b) => a + b) / faithful.length).toBeGreaterThan(0.7)
    expect(Math.max(...most())).toBeLessThanOrEqual(14)
    // Nobody waits at a full one: one conversation alone has all endpoints.
    const alone = world(4)
    await alone.clock.run(many(400, 40, () => alone.ask("the only one")))
    expect(Math.min(...alone.most())).toBeGreaterThanOrEqual(8)
  })
})

describe("an endpoint that fails", () => {
  it("is found by those under way alone, asked again later by one at a time, and taken back when it answers", async () => {
    const { clock, pool, down, ask, of } = world(2)
    down.set(0, refused)
    const work = many(6000, 10, () => ask())
    void clock.sleep(20_000).then(() => down.delete(0))
    const given = await clock.run(work)
    expect(new Set(given)).toEqual(new Set([0, 1]))
    const early = of(0).filter(({ at }) => at < 20_000)
    expect(early.length).toBeLessThanOrEqual(10)
    // 1, 2, 4, 8 … seconds later.
    const probes = early.filter(({ at }) => at > 0).map(({ at }) => at)
    expect(probes.every((at, place) => place === 0 || at - probes[place - 1]! >= 1000 * 2 ** place)).toBe(true)
    expect(pool.counts()[0]).toMatchObject({ isLeftOut: false, failures: early.length })
    expect(pool.counts()[0]!.requests).toBeGreaterThan(300)
    expect(pool.counts()[1]).toMatchObject({ failures: 0, leftOut: 0 })
  })

  it.each([
    [429, 1],
    [502, 1],
    [503, 1],
    [500, 3],
  ])("with %s is left out after %s in a row, and each of its calls is answered by another", async (status, row) => {
    const { clock, pool, down, ask, of } = world(2)
    down.set(0, () => answers(status))
    const given = await clock.run(many(20, 1, () => ask()))
    expect(new Set(given)).toEqual(new Set([1]))
    expect(of(0).filter(({ at }) => at < 900)).toHaveLength(row)
    expect(pool.counts()[0]).toMatchObject({ isLeftOut: true })
  })

  it("rests as long as Retry-After says", async () => {
    const { clock, down, ask, of } = world(2)
    down.set(0, () => answers(429, { "retry-after": "7" }))
    await clock.run(many(100, 1, () => ask()))
    expect(of(0).map(({ at }) => at)).toEqual([0, 7000])
  })

  it("is not taken back for what it was asked before, which holds nobody up either", async () => {
    const { clock, pool, down, ask, of } = world(2)
    const early = Promise.all([5000, 5000, 8000, 8000, 30_000, 30_000].map((milliseconds) => ask("", milliseconds)))
    const sent = of(0).length
    down.set(0, () => answers(429, { "retry-after": "10" }))
    void clock.sleep(9_000).then(() => down.delete(0))
    await clock.run(many(300, 1, () => ask()))
    const [refusedAt, nextAt] = of(0)
      .slice(sent)
      .map(({ at }) => at)
    expect(nextAt! - refusedAt!).toBeGreaterThanOrEqual(10_000)
    expect(nextAt! - refusedAt!).toBeLessThan(10_500)
    await clock.run(early)
    expect(pool.counts()[0]).toMatchObject({ isLeftOut: false, leftOut: 1 })
  })

  it("that refuses what is asked is up: the refusal is thrown, and nobody else is asked", async () => {
    const { clock, pool, down, ask, asked } = world(2)
    for (const endpoint of [0, 1]) down.set(endpoint, () => answers(400))
    await expect(clock.run(ask())).rejects.toThrow("answered 400")
    expect(asked).toHaveLength(1)
    expect(pool.counts().every(({ isLeftOut }) => !isLeftOut)).toBe(true)
  })
})

describe("where all endpoints are down", () => {
  it("calls wait for the first that is back, which few requests find", async () => {
    const { clock, down, ask, asked } = world(3)
    for (const endpoint of [0, 1, 2]) down.set(endpoint, refused)
    void clock.sleep(40_000).then(() => down.delete(2))
    const given = await clock.run(many(100, 100, (number) => withRetry(() => ask(), number, { ...clock })))
    expect(new Set(given)).toEqual(new Set([2]))
    expect(asked.filter(({ at }) => at < 40_000).length).toBeLessThanOrEqual(3 * 34 + 3 * 6)
    expect(clock.now()).toBeLessThan(70_000)
  })

  it("and stay silent, every call ends with one sentence that says of each server why", async () => {
    const { clock, down, ask, asked } = world(2, { patience: 30_000 })
    for (const endpoint of [0, 1]) down.set(endpoint, refused)
    const calls = many(50, 50, (number) =>
      withRetry(() => ask(), number, { ...clock }).catch((error: unknown) => error as SwirlError),
    )
    const errors = await clock.run(calls)
    for (const error of errors) {
      expect(error).toBeInstanceOf(SwirlError)
      expect(error).toMatchObject({ kind: "usage" })
      expect((error as SwirlError).message).toMatch(
        /^None of 2 servers has answered for 30 s\. http:\/\/host-0\/v1\/: could not be reached.* run the command again/,
      )
    }
    expect(asked.length).toBeLessThan(50 + 50 + 20)
  })

  it("an abort ends the waiting by its own reason", async () => {
    const { clock, pool, down, ask } = world(2)
    for (const endpoint of [0, 1]) down.set(endpoint, refused)
    const abort = new AbortController()
    await clock.run(ask().catch(() => {}))
    const waiting = pool.ask(async () => 1, { abortSignal: abort.signal })
    abort.abort(new Error("enough"))
    await expect(waiting).rejects.toThrow("enough")
  })
})

it("one endpoint alone is never left out, and what it fails with is thrown as it is", async () => {
  const { clock, pool, down, ask } = world(1)
  down.set(0, refused)
  for (let call = 0; call < 5; call++) await expect(clock.run(ask())).rejects.toThrow("could not be reached")
  expect(pool.counts()).toMatchObject([{ requests: 5, failures: 5, isLeftOut: false }])
})
