/** The limiter against simulated servers, on a clock that nobody waits for. */
import { random } from "@swirl-ts/core"
import { createVirtualClock, type VirtualClock } from "@swirl-ts/test-support"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type Admit, atOnce, bucket, perSpan } from "../../test/servers.ts"
import { createEndpointPool } from "./endpoint-pool.ts"
import { HttpError } from "./http-error.ts"

interface Setting {
  admit: Admit
  latency: number
  requests: number
  workers: number
  retryAfter: "seconds" | "milliseconds" | "none"
  seed?: number
  clock?: VirtualClock
}

/** All requests through one pool; what the server saw of them. */
async function simulate({
  admit,
  latency,
  requests,
  workers,
  retryAfter,
  seed = 1,
  clock = createVirtualClock(),
}: Setting) {
  const [durations, jitter] = [random(seed), random(seed + 1)]
  const pool = createEndpointPool(["http://server/"], { ...clock, jitter: jitter.next })
  const begun: number[] = []
  const ended: number[] = []
  let inFlight = 0
  let sent = 0
  let refused = 0
  let overWindow = 0
  let early = 0
  let closedUntil = 0
  const call = async (number: number): Promise<void> => {
    const at = clock.now()
    sent++
    if (!begun.includes(number)) begun.push(number)
    const { inFlight: known, window: most } = pool.counts()[0]!
    if (known > most!) overWindow++
    if (at < closedUntil) early++
    await clock.sleep(2)
    const wait = admit(clock.now(), inFlight)
    if (wait !== undefined) {
      refused++
      const asked = retryAfter === "seconds" ? 1000 * Math.ceil(wait / 1000) : Math.ceil(wait)
      // The client hears of it now.
      if (retryAfter !== "none") closedUntil = Math.max(closedUntil, clock.now() + asked)
      const responseHeaders: Record<string, string> =
        retryAfter === "none"
          ? {}
          : retryAfter === "seconds"
            ? { "retry-after": String(asked / 1000) }
            : { "retry-after-ms": String(asked) }
      throw new HttpError("answered 429", { isRetryable: true, statusCode: 429, responseHeaders })
    }
    inFlight++
    await clock.sleep(latency * (0.5 + durations.next()))
    inFlight--
  }
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < requests) {
      const number = next++
      await pool.ask(() => call(number))
      ended.push(clock.now())
    }
  }
  await clock.run(Promise.all(Array.from({ length: workers }, worker)))
  return { seconds: clock.now() / 1000, sent, refused, wasted: refused / sent, overWindow, early, begun, ended }
}

const retryAfter = fc.constantFrom("seconds", "milliseconds", "none")

it("answers every call once, in turn, never above its window nor before a Retry-After is over, whatever the server", async () => {
  const admit = fc.oneof(
    fc.tuple(fc.integer({ min: 2, max: 300 }), fc.integer({ min: 1, max: 100 })).map(
      ([rate, burst]) =>
        () =>
          bucket(() => rate, burst),
    ),
    fc.integer({ min: 5, max: 60 }).map((count) => () => perSpan(count, 1000)),
    fc.integer({ min: 1, max: 20 }).map((most) => () => atOnce(most)),
    fc.constant(() => (): undefined => undefined),
  )
  const setting = fc.record({
    admit,
    latency: fc.constantFrom(5, 100, 2000),
    workers: fc.integer({ min: 1, max: 64 }),
    retryAfter,
    seed: fc.nat(1000),
  })
  await fc.assert(
    fc.asyncProperty(setting, async ({ admit, ...more }) => {
      const requests = 150
      const { ended, begun, overWindow, early, sent, refused } = await simulate({ ...more, admit: admit(), requests })
      expect([ended.length, sent - refused, overWindow, early]).toEqual([requests, requests, 0, 0])
      expect(begun).toEqual(begun.toSorted((a, b) => a - b))
    }),
    { numRuns: 60 },
  )
}, 60_000)

describe.each(["seconds", "milliseconds", "none"] as const)("with Retry-After in %s", (retryAfter) => {
  it.each([
    ["50 a second, bursts of 50", () => bucket(() => 50, 50), 100, 50],
    ["50 a second, bursts of 5", () => bucket(() => 50, 5), 100, 50],
    ["50 in each second", () => perSpan(50, 1000), 100, 50],
    ["16 at once, 1 s each", () => atOnce(16), 1000, 16],
  ])("%s: most of it is used, and few requests are refused", async (_name, admit, latency, ideal) => {
    const requests = 3000
    const { seconds, wasted } = await simulate({ admit: admit(), latency, requests, workers: 64, retryAfter })
    expect(requests / seconds / ideal).toBeGreaterThan(0.7)
    expect(wasted).toBeLessThan(0.03)
  })

  it("it comes down with what the server takes, and up again", async () => {
    const clock = createVirtualClock()
    const rate = (): number => (clock.now() > 30_000 && clock.now() < 60_000 ? 10 : 100)
    const admit = bucket(rate, 20)
    const { ended, wasted } = await simulate({ admit, latency: 50, requests: 12_000, workers: 32, retryAfter, clock })
    const between = (from: number, to: number): number =>
      ended.filter((at) => at >= 1000 * from && at < 1000 * to).length / (to - from)
    expect(between(10, 30)).toBeGreaterThan(70)
    expect(between(35, 60)).toBeGreaterThan(6)
    // Where each pause is a second long, it tries more seldom.
    expect(between(130, 150)).toBeGreaterThan(70)
    expect(wasted).toBeLessThan(0.04)
  })
})

it("a server that refuses nobody is asked by all workers within seconds", async () => {
  const { seconds, refused } = await simulate({
    admit: () => undefined,
    latency: 5000,
    requests: 640,
    workers: 64,
    retryAfter: "none",
  })
  // Ten rounds of five seconds, and the start.
  expect([refused, seconds < 62]).toEqual([0, true])
})
