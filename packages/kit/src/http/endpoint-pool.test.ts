import { isCommandEnd, random, type SwirlError } from "@swirl-ts/core"
import { createVirtualClock } from "@swirl-ts/test-support"
import { describe, expect, it } from "vitest"
import { withGrace } from "../parallel/grace.ts"
import { createEndpointPool, type EndpointPoolOptions } from "./endpoint-pool.ts"
import { HttpError } from "./http-error.ts"
import { withRetry } from "./retry.ts"

const unreached = () => new HttpError("could not be reached", { isRetryable: true, cause: { code: "ECONNREFUSED" } })
const answers = (statusCode: number, responseHeaders?: Record<string, string>) =>
  new HttpError(`answered ${statusCode}`, { isRetryable: statusCode >= 429, statusCode, responseHeaders })

/** Endpoints whose calls take 100 ms, or what is said; each may fail. */
function world(count: number, options: EndpointPoolOptions = {}) {
  const clock = createVirtualClock()
  const names = Array.from({ length: count }, (_, place) => `http://host-${place}/v1/`)
  const said: string[] = []
  const tell = (line: string): void => void said.push(line)
  const pool = createEndpointPool(names, { ...clock, jitter: random(1).next, tell, ...options })
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
  return { clock, pool, down, asked, ask, of, said, most: () => most }
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
  it("is about as many in flight everywhere, whatever is slow", async () => {
    const { clock, pool, ask, most } = world(3)
    const draw = random(1)
    await clock.run(many(600, 30, () => ask(undefined, 10 + 1000 * draw.next())))
    expect(Math.min(...most())).toBeGreaterThanOrEqual(10)
    expect(Math.max(...most())).toBeLessThanOrEqual(14)
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

  it("goes to those that take more where others refuse", async () => {
    const { clock, pool, down, ask } = world(2)
    let number = 0
    down.set(0, () => (++number % 2 ? answers(429, { "retry-after": "1" }) : answers(503)))
    const given = await clock.run(many(200, 10, () => ask()))
    expect(new Set(given)).toEqual(new Set([1]))
    expect(pool.counts()).toMatchObject([{ isLeftOut: false }, { requests: 200, failures: 0 }])
    expect(pool.counts()[0]!.refused).toBe(pool.counts()[0]!.requests)
    expect(pool.counts()[0]!.requests).toBeLessThan(12)
  })
})

describe("an endpoint that fails", () => {
  it("is found by those under way alone, asked again later by one at a time, and taken back when it answers", async () => {
    const { clock, pool, down, ask, of, said } = world(2)
    down.set(0, unreached)
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
    expect(said).toHaveLength(2)
    expect(said[0]).toMatch(/^http:\/\/host-0\/v1\/: could not be reached It is asked again by one request at a time/)
    expect(said[1]).toBe("http://host-0/v1/ answers again.")
  })

  it.each([
    [() => answers(500), 3],
    [() => answers(502), 3],
    [unreached, 1],
  ])(
    "is left out after some failures in a row, and each of its calls is answered by another: %s %i",
    async (fails, row) => {
      const { clock, pool, down, ask, of } = world(2)
      down.set(0, fails)
      const given = await clock.run(many(20, 1, () => ask()))
      expect(new Set(given)).toEqual(new Set([1]))
      expect(of(0).filter(({ at }) => at < 900)).toHaveLength(row)
      expect(pool.counts()[0]).toMatchObject({ isLeftOut: true })
    },
  )

  it("is not taken back for what it was asked before, which holds nobody up either", async () => {
    const { clock, pool, down, ask, of } = world(2, { firstRest: 10_000 })
    const early = Promise.all([5000, 5000, 8000, 8000, 30_000, 30_000].map((milliseconds) => ask("", milliseconds)))
    const sent = of(0).length
    down.set(0, unreached)
    void clock.sleep(9000).then(() => down.delete(0))
    await clock.run(many(300, 1, () => ask()))
    const [failedAt, nextAt] = of(0)
      .slice(sent)
      .map(({ at }) => at)
    expect(nextAt! - failedAt!).toBeGreaterThanOrEqual(10_000)
    expect(nextAt! - failedAt!).toBeLessThan(11_300)
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

  it("at one request alone throws it, and goes on with the others", async () => {
    const { clock, pool } = world(1)
    const bad = pool.ask(async () => {
      await clock.sleep(100)
      throw answers(500)
    })
    const good = Promise.all([1, 2, 3].map((value) => pool.ask(async () => value)))
    await expect(clock.run(bad)).rejects.toThrow("answered 500")
    expect(await clock.run(good)).toEqual([1, 2, 3])
  })
})

describe.each([1, 3])("where all of %i endpoints are down", (count) => {
  const all = Array.from({ length: count }, (_, endpoint) => endpoint)

  it("calls wait for the first that is back, which few requests find", async () => {
    const { clock, down, asked, ask } = world(count, { firstPatience: 90_000 })
    for (const endpoint of all) down.set(endpoint, unreached)
    const back = count - 1
    void clock.sleep(40_000).then(() => down.delete(back))
    const given = await clock.run(many(100, 100, (number) => withRetry(() => ask(), number, { ...clock })))
    expect(new Set(given)).toEqual(new Set([back]))
    expect(asked.filter(({ at }) => at < 40_000).length).toBeLessThanOrEqual(count * (4 + 6))
    expect(clock.now()).toBeLessThan(110_000)
  })

  it("and stay silent, every call ends with one sentence that says why, and the servers are asked a few times", async () => {
    const { clock, down, asked, ask } = world(count)
    for (const endpoint of all) down.set(endpoint, unreached)
    const calls = many(500, 50, (number) =>
      withRetry(() => ask(), number, { ...clock }).catch((error: unknown) => error as SwirlError),
    )
    for (const error of await clock.run(calls)) {
      expect(isCommandEnd(error)).toBe(true)
      expect(error).toMatchObject({ kind: "usage" })
      expect((error as SwirlError).message).toMatch(
        /^(None of 3 servers has|The server has not) answered for \d+ s\. http:\/\/host-0\/v1\/: could not be reached.* run the command again/,
      )
    }
    expect(asked.length).toBeLessThan(count * 12)
    expect(clock.now()).toBeLessThan(30_000)
  })

  it("an abort ends the waiting by its own reason", async () => {
    const { clock, pool, down, ask } = world(count)
    for (const endpoint of all) down.set(endpoint, unreached)
    void ask().catch(() => {})
    await clock.run(clock.sleep(100))
    const abort = new AbortController()
    const waiting = pool.ask(async () => 1, { abortSignal: abort.signal })
    abort.abort(new Error("enough"))
    await expect(waiting).rejects.toThrow("enough")
  })

  it("and have answered before, they are waited for longer", async () => {
    const { clock, down, ask } = world(count)
    await clock.run(many(10 * count, 10, () => ask()))
    for (const endpoint of all) down.set(endpoint, unreached)
    const start = clock.now()
    await expect(clock.run(ask())).rejects.toThrow(/answered for 120 s/)
    expect(clock.now() - start).toBeLessThan(125_000)
  })
})

describe("Retry-After", () => {
  it("longer than anybody waits ends all calls at once, with what the server said", async () => {
    const { clock, pool, down, ask, asked } = world(1)
    down.set(0, () => answers(429, { "retry-after": "7200" }))
    const errors = await clock.run(many(30, 30, () => ask().catch((error: unknown) => error as Error)))
    for (const error of errors) {
      expect(isCommandEnd(error)).toBe(true)
      expect((error as Error).message).toMatch(
        /^The server asks to wait 7\d\d\d s\. http:\/\/host-0\/v1\/: answered 429/,
      )
    }
    expect(asked.length).toBeLessThanOrEqual(4)
    expect(pool.counts()[0]).toMatchObject({ isLeftOut: false })
  })

  it("that comes again and again is waited for, and not for ever", async () => {
    const { clock, down, ask } = world(1)
    down.set(0, () => answers(503, { "retry-after": "60" }))
    void clock.sleep(400_000).then(() => down.delete(0))
    expect(await clock.run(ask())).toBe(0)
    expect(clock.now()).toBeLessThan(470_000)
    down.set(0, () => answers(503, { "retry-after": "60" }))
    const start = clock.now()
    await expect(clock.run(ask())).rejects.toThrow("answered 503")
    expect(clock.now() - start).toBeLessThan(700_000)
  })
})

describe("a server that falls silent", () => {
  it("is told of, and what it holds is sent again", async () => {
    const { clock, pool, said } = world(1, { stall: 5000 })
    await clock.run(many(20, 4, () => pool.ask(() => clock.sleep(100))))
    let isSilent = true
    const ask = () =>
      pool.ask((_endpoint, signal) =>
        isSilent
          ? new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)))
          : Promise.resolve("here"),
      )
    const calls = many(4, 4, (number) => withRetry(ask, number, { ...clock }))
    void clock.sleep(6000).then(() => {
      isSilent = false
    })
    expect(await clock.run(calls)).toEqual(["here", "here", "here", "here"])
    expect(said[0]).toMatch(
      /^http:\/\/host-0\/v1\/ has answered nothing for 5 s, with 4 requests in flight: ended, and sent again\.$/,
    )
    expect(clock.now()).toBeLessThan(20_000)
  })

  it("is left alone while it answers others, and where it has always been slow", async () => {
    const { clock, pool, said } = world(1, { stall: 5000 })
    const slow = pool.ask(() => clock.sleep(60_000))
    await clock.run(many(70, 1, () => pool.ask(() => clock.sleep(1000))))
    await clock.run(slow)
    await clock.run(pool.ask(() => clock.sleep(400_000)))
    expect(said).toEqual([])
  })
})

it("a stop with a while for what is in flight sends nothing more: what waits ends, what is in flight ends by itself", async () => {
  const { clock, pool, asked } = world(1)
  const [stop, now] = [new AbortController(), new AbortController()]
  const abortSignal = withGrace({ stop: stop.signal, now: now.signal, milliseconds: 60_000 })
  const call = async (endpoint: number): Promise<number> => {
    asked.push({ endpoint, at: clock.now() })
    await clock.sleep(100)
    return endpoint
  }
  // Four are in flight at first.
  const calls = Array.from({ length: 6 }, () => pool.ask(call, { abortSignal }))
  const ends = Promise.allSettled(calls)
  stop.abort(new Error("enough"))
  const results = await clock.run(ends)
  expect(results.map(({ status }) => status)).toEqual([...Array(4).fill("fulfilled"), "rejected", "rejected"])
  expect(asked).toHaveLength(4)
  expect(() => pool.ask(call, { abortSignal })).toThrow("enough")
})

it("a stop sends what fails meanwhile to nobody else", async () => {
  const { clock, pool } = world(2)
  const [stop, now] = [new AbortController(), new AbortController()]
  const abortSignal = withGrace({ stop: stop.signal, now: now.signal, milliseconds: 60_000 })
  let sent = 0
  const failing = pool.ask(
    async () => {
      sent++
      await clock.sleep(100)
      throw answers(429)
    },
    { abortSignal },
  )
  stop.abort(new Error("enough"))
  await expect(clock.run(failing)).rejects.toThrow("enough")
  expect(sent).toBe(1)
})

it("measures its spans by a clock that nobody sets", async () => {
  const pool = createEndpointPool(["http://host/v1/"], { patience: 1000, firstPatience: 1000, firstRest: 20 })
  const { now } = Date
  let calls = 0
  Date.now = () => now() + ++calls * 3_600_000
  try {
    const unreachedOnce = async (): Promise<number> => {
      if (++sent === 1) throw unreached()
      return sent
    }
    let sent = 0
    expect(await pool.ask(unreachedOnce)).toBe(2)
  } finally {
    Date.now = now
  }
})
