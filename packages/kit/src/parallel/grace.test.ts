import { expect, it } from "vitest"
import { stopOf, withGrace, withStop } from "./grace.ts"

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))

function made(milliseconds: number) {
  const [stop, now] = [new AbortController(), new AbortController()]
  return { stop, now, signal: withGrace({ stop: stop.signal, now: now.signal, milliseconds }) }
}

it("stops what would begin at once, and what is under way after its while", async () => {
  const { stop, signal } = made(60)
  stop.abort(new Error("enough"))
  expect(stopOf(signal).reason).toEqual(new Error("enough"))
  expect(signal.aborted).toBe(false)
  await pause(150)
  expect(signal.reason).toEqual(new Error("enough"))
})

it("ends everything at once where nothing can be kept", () => {
  const { now, signal } = made(60_000)
  now.abort(new Error("the disk is full"))
  expect(signal.reason).toEqual(new Error("the disk is full"))
  expect(stopOf(signal).aborted).toBe(true)
})

it("gives no while where the stop was there before, and knows no stop of other signals", () => {
  const stop = AbortSignal.abort(new Error("enough"))
  const signal = withGrace({ stop, now: new AbortController().signal, milliseconds: 60_000 })
  expect(signal.reason).toEqual(new Error("enough"))
  const other = new AbortController().signal
  expect(stopOf(other)).toBe(other)
  expect(stopOf(undefined)).toBeUndefined()
})

it("lets what is under way end where only what would begin is stopped, and keeps the stop of before", () => {
  const { stop, signal } = made(60_000)
  const spent = new AbortController()
  const [first, second] = [withStop(signal, spent.signal), withStop(undefined, spent.signal)]
  const third = withStop(signal, new AbortController().signal)
  expect([stopOf(first).aborted, stopOf(second).aborted]).toEqual([false, false])
  spent.abort(new Error("spent"))
  expect([first.aborted, second.aborted]).toEqual([false, false])
  expect([stopOf(first).reason, stopOf(second).reason]).toEqual([new Error("spent"), new Error("spent")])
  stop.abort(new Error("enough"))
  expect([third.aborted, stopOf(third).reason]).toEqual([false, new Error("enough")])
})
