/** Several processes at one server: members and their owner, with messages that take their time, on a clock that nobody waits for. */
import { isCommandEnd, random } from "@swirl-ts/core"
import { createVirtualClock, type VirtualClock } from "@swirl-ts/test-support"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type Admit, atOnce, bucket, perSpan } from "../../test/servers.ts"
import { withGrace } from "../parallel/grace.ts"
import type { EndpointPoolOptions } from "./endpoint-pool.ts"
import { HttpError } from "./http-error.ts"
import { createMemberPools } from "./member-pools.ts"
import { createPoolOwner } from "./pool-owner.ts"

/** Members of one owner. A message takes `delay` milliseconds, and keeps its place among those of its channel. */
function processes(count: number, { delay = 1, ...options }: EndpointPoolOptions & { delay?: number } = {}) {
  const clock = createVirtualClock()
  const said: string[] = []
  const owner = createPoolOwner({ ...clock, jitter: random(1).next, tell: (line) => void said.push(line), ...options })
  const channel = <M>(hear: (message: M) => void): ((message: M) => void) => {
    let last = Promise.resolve()
    return (message) => {
      const arrived = clock.sleep(delay)
      last = last.then(() => arrived).then(() => hear(message))
    }
  }
  const members = Array.from({ length: count }, () => {
    let isGone = false
    const process = owner.admit(channel((message) => isGone || pools.hear(message)))
    const pools = createMemberPools(channel((message) => isGone || process.hear(message)))
    const kill = (): void => {
      isGone = true
      process.gone()
    }
    return { pool: pools.open("key", ["http://server/"]), kill }
  })
  return { clock, members, said }
}

const refusal = (milliseconds: number): HttpError => {
  const responseHeaders = { "retry-after-ms": String(Math.ceil(milliseconds)) }
  return new HttpError("answered 429", { isRetryable: true, statusCode: 429, responseHeaders })
}

/** A server that all ask; what it saw. */
function server(clock: VirtualClock, admit: Admit, latency: number) {
  const seen = { sent: 0, refused: 0, inFlight: 0 }
  const durations = random(3)
  const call = async (): Promise<void> => {
    seen.sent++
    await clock.sleep(2)
    const wait = admit(clock.now(), seen.inFlight)
    if (wait !== undefined) {
      seen.refused++
      throw refusal(wait)
    }
    seen.inFlight++
    await clock.sleep(latency * (0.5 + durations.next()))
    seen.inFlight--
  }
  return { seen, call }
}

const many = async (count: number, atOnce: number, ask: () => Promise<unknown>): Promise<void> => {
  let left = count
  const worker = async (): Promise<void> => {
    while (left-- > 0) await ask()
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}

it("answers every call of every process once, whatever the server and however many processes", async () => {
  const admit = fc.oneof(
    fc.tuple(fc.integer({ min: 5, max: 300 }), fc.integer({ min: 1, max: 100 })).map(
      ([rate, burst]) =>
        () =>
          bucket(() => rate, burst),
    ),
    fc.integer({ min: 5, max: 60 }).map((count) => () => perSpan(count, 1000)),
    fc.integer({ min: 1, max: 20 }).map((most) => () => atOnce(most)),
  )
  const setting = fc.record({
    admit,
    latency: fc.constantFrom(5, 100, 2000),
    count: fc.integer({ min: 1, max: 6 }),
    workers: fc.integer({ min: 1, max: 20 }),
    delay: fc.constantFrom(0, 1, 20),
  })
  await fc.assert(
    fc.asyncProperty(setting, async ({ admit, latency, count, workers, delay }) => {
      const { clock, members } = processes(count, { delay })
      const { seen, call } = server(clock, admit(), latency)
      let answered = 0
      const ask = (pool: (typeof members)[number]["pool"]) => pool.ask(call).then(() => answered++)
      await clock.run(Promise.all(members.map(({ pool }) => many(40, workers, () => ask(pool)))))
      expect([answered, seen.sent - seen.refused, seen.inFlight]).toEqual([40 * count, 40 * count, 0])
      const counted = members.flatMap(({ pool }) => pool.counts())
      const sum = (of: (count: (typeof counted)[number]) => number) => counted.reduce((all, each) => all + of(each), 0)
      expect([sum((each) => each.requests), sum((each) => each.refused ?? 0)]).toEqual([seen.sent, seen.refused])
    }),
    { numRuns: 40 },
  )
}, 60_000)

describe("four processes at one server", () => {
  it.each([
    ["16 at once, 1 s each", () => atOnce(16), 1000, 16],
    ["50 a second, bursts of 50", () => bucket(() => 50, 50), 100, 50],
    ["50 in each second", () => perSpan(50, 1000), 100, 50],
  ])("%s: most of it is used, and few requests are refused", async (_name, admit, latency, ideal) => {
    const { clock, members } = processes(4)
    const { seen, call } = server(clock, admit(), latency)
    await clock.run(Promise.all(members.map(({ pool }) => many(750, 16, () => pool.ask(call)))))
    expect(3000 / (clock.now() / 1000) / ideal).toBeGreaterThan(0.7)
    expect(seen.refused / seen.sent).toBeLessThan(0.03)
  })

  it("one that comes later asks as the others do, and learns nothing anew", async () => {
    const { clock, members } = processes(2)
    const { seen, call } = server(clock, atOnce(8), 500)
    await clock.run(many(800, 16, () => members[0]!.pool.ask(call)))
    const before = seen.refused
    await clock.run(many(200, 16, () => members[1]!.pool.ask(call)))
    // The climb goes on where it was: fewer than one in fifty, and none of a second start.
    expect(seen.refused - before).toBeLessThanOrEqual(4)
    expect(members[1]!.pool.counts()[0]!.window).toBeLessThanOrEqual(9)
  })

  it("nobody asks before a Retry-After is over, whoever was told of it", async () => {
    const { clock, members } = processes(4)
    let closedUntil = 0
    let early = 0
    let sent = 0
    const call = async (): Promise<void> => {
      // What was sent before the word had gone round does not count.
      if (clock.now() > closedUntil - 3000 + 10 && clock.now() < closedUntil) early++
      await clock.sleep(5)
      if (++sent === 20) {
        closedUntil = clock.now() + 3000
        throw refusal(3000)
      }
      await clock.sleep(50)
    }
    await clock.run(Promise.all(members.map(({ pool }) => many(50, 8, () => pool.ask(call)))))
    expect([early, sent]).toEqual([0, 201])
    expect(clock.now()).toBeGreaterThan(3000)
  })
})

it("a process that is killed holds nothing: what it had in flight and in line is given to the others", async () => {
  const { clock, members } = processes(2)
  const [killed, other] = members as [(typeof members)[number], (typeof members)[number]]
  const never = () => new Promise<void>(() => {})
  // All that may be in flight at first, and more in line.
  for (let call = 0; call < 12; call++) void killed.pool.ask(never)
  await clock.run(clock.sleep(50))
  expect(killed.pool.counts()[0]!.inFlight).toBeGreaterThanOrEqual(4)
  const work = many(30, 4, () => other.pool.ask(() => clock.sleep(10)))
  killed.kill()
  await clock.run(work)
  expect(other.pool.counts()[0]).toMatchObject({ requests: 30, inFlight: 0 })
})

it("a server that nobody listens at is found once for all processes, and each is told in the same sentence", async () => {
  const { clock, members, said } = processes(4, { firstPatience: 10_000 })
  const cause = Object.assign(new Error("refused"), { code: "ECONNREFUSED" })
  let sent = 0
  const call = async (): Promise<void> => {
    sent++
    await clock.sleep(1)
    throw new HttpError("http://server/ could not be reached (ECONNREFUSED).", { isRetryable: true, cause })
  }
  const errors: unknown[] = []
  const ask = (pool: (typeof members)[number]["pool"]) => pool.ask(call).catch((error: unknown) => errors.push(error))
  const work = Promise.all(members.flatMap(({ pool }) => Array.from({ length: 25 }, () => ask(pool))))
  const meanwhile = clock.sleep(5000).then(() => members.map(({ pool }) => pool.counts()[0]!.isLeftOut))
  await clock.run(work)
  expect(await meanwhile).toEqual([true, true, true, true])
  expect(errors).toHaveLength(100)
  expect(errors.every(isCommandEnd)).toBe(true)
  expect(new Set(errors.map(String)).size).toBe(1)
  expect(String(errors[0])).toMatch(/The server has not answered for 1\d s\. .*ECONNREFUSED.* when it is back\.$/)
  expect(sent).toBeLessThanOrEqual(12)
  expect(said).toHaveLength(1)
})

it("what fails is thrown as it was, and what is the call's own fault at once", async () => {
  const { clock, members } = processes(1)
  const { pool } = members[0]!
  const caught = (error: HttpError) =>
    clock.run(
      pool
        .ask(async () => {
          await clock.sleep(1)
          throw error
        })
        .catch((thrown: unknown) => thrown),
    )
  const broken = new HttpError("answered 500", { isRetryable: true, statusCode: 500, responseBody: "its own" })
  expect(await caught(broken)).toBe(broken)
  const wrong = new HttpError("answered 400", { isRetryable: false, statusCode: 400 })
  expect(await caught(wrong)).toBe(wrong)
  expect(pool.counts()[0]).toMatchObject({ requests: 2, failures: 1, inFlight: 0 })
})

it("a request to a server that falls silent is ended, told of once, and sent again", async () => {
  const { clock, members, said } = processes(2, { stall: 1000 })
  const calls = [0, 0]
  const work = members.map(({ pool }, place) =>
    pool.ask(async (_endpoint, signal) => {
      // Each first request of a process is answered by nobody.
      if (++calls[place]! > 1) return clock.sleep(10)
      await new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)))
    }),
  )
  // Before its first answer nobody knows how long a server takes.
  await clock.run(members[0]!.pool.ask(() => clock.sleep(10)))
  await clock.run(Promise.allSettled(work))
  expect(said).toEqual([
    expect.stringMatching(/^http:\/\/server\/ has answered nothing for 1 s, with 2 requests in flight/),
  ])
})

it("a call that is stopped leaves the line at once, and what is under way may still end", async () => {
  const { clock, members } = processes(1)
  const { pool } = members[0]!
  const stop = new AbortController()
  const signal = withGrace({ stop: stop.signal, now: new AbortController().signal, milliseconds: 60_000 })
  const ended: string[] = []
  const ask = (name: string) =>
    pool
      .ask(() => clock.sleep(100), { abortSignal: signal })
      .then(
        () => ended.push(`${name} answered`),
        (error: unknown) => ended.push(`${name} ${error}`),
      )
  const work = Promise.all(["a", "b", "c", "d", "e"].map(ask))
  void clock.sleep(20).then(() => stop.abort("stopped"))
  await clock.run(work)
  expect(ended).toEqual(["e stopped", "a answered", "b answered", "c answered", "d answered"])
  // Nothing of it is left behind: all that may be is in flight again.
  await clock.run(many(20, 4, () => pool.ask(() => clock.sleep(10))))
  expect(pool.counts()[0]).toMatchObject({ requests: 24, inFlight: 0 })
})
