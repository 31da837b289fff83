import { random } from "@swirl-ts/core"
import { createVirtualClock } from "@swirl-ts/test-support"
import { expect, it } from "vitest"
import { createEndpointPool } from "./endpoint-pool.ts"
import { HttpError } from "./http-error.ts"
import { createRefusalWaves } from "./refusal-waves.ts"

const waves = (count: number, accepted: number, perSecond: number, isEarly = true) =>
  Array.from({ length: count }, () => ({ accepted, busy: (1000 * accepted) / perSecond, isEarly }))

it("says so where half as much is asked and as much is refused, and not before", () => {
  const told = createRefusalWaves()
  for (const wave of [...waves(5, 25, 100), ...waves(4, 25, 50)]) expect(told.add(wave)).toBe(false)
  expect(told.areOfAnyLoad()).toBe(false)
  expect(told.add({ accepted: 25, busy: 500, isEarly: true })).toBe(true)
  expect(told.areOfAnyLoad()).toBe(true)
})

it("does not where less is asked and less is refused, or more, or as much is asked, or more and more until it is too much", () => {
  for (const then of [waves(20, 100, 50), waves(20, 5, 50), waves(20, 25, 90), waves(20, 25, 50, false)]) {
    const told = createRefusalWaves()
    for (const wave of [...waves(5, 25, 100), ...then]) told.add(wave)
    expect(told.areOfAnyLoad()).toBe(false)
  }
})

it("takes it back where the server takes much less", () => {
  const told = createRefusalWaves()
  for (const wave of [...waves(5, 25, 100), ...waves(5, 25, 50), ...waves(10, 20, 50)]) told.add(wave)
  expect(told.areOfAnyLoad()).toBe(true)
  for (const wave of waves(10, 4, 50)) told.add(wave)
  expect(told.areOfAnyLoad()).toBe(false)
})

/** Seconds for so many calls, 16 at once, and the share of requests that was refused. */
async function asked(count: number, milliseconds: number, refuses: (at: number) => boolean) {
  const clock = createVirtualClock()
  const draw = random(5)
  const pool = createEndpointPool(["http://host/v1/"], { ...clock, jitter: random(1).next })
  let [requests, refused, next] = [0, 0, 0]
  const call = async (): Promise<void> => {
    requests++
    if (refuses(clock.now())) {
      refused++
      await clock.sleep(2)
      throw new HttpError("busy", { isRetryable: true, statusCode: 429 })
    }
    await clock.sleep(milliseconds * (0.5 + draw.next()))
  }
  const worker = async (): Promise<void> => {
    while (next++ < count) await pool.ask(call)
  }
  await clock.run(Promise.all(Array.from({ length: 16 }, worker)))
  return { seconds: clock.now() / 1000, refused: refused / requests }
}

it.each([
  [12, 60],
  [1000, 300],
])(
  "a server that refuses one in 25 at any load, with answers of %d ms, is not asked ever more slowly",
  async (milliseconds, most) => {
    const draw = random(9)
    expect((await asked(3000, milliseconds, () => draw.next() < 0.04)).seconds).toBeLessThan(most)
  },
)

it("a server that takes 50 a second is asked no faster for it", async () => {
  let [left, since] = [50, 0]
  const { seconds, refused } = await asked(3000, 12, (at) => {
    left = Math.min(50, left + ((at - since) * 50) / 1000)
    since = at
    if (left < 1) return true
    left--
    return false
  })
  expect(refused).toBeLessThan(0.03)
  expect(seconds).toBeLessThan(70)
})
