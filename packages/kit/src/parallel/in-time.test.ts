import { setTimeout as pause } from "node:timers/promises"
import { expect, it } from "vitest"
import { inTime } from "./in-time.ts"

const late = "no reply within 20 ms"

it("gives what the work gives, asynchronous or not, and throws what it throws", async () => {
  expect(await inTime(() => 1, { milliseconds: 20, late })).toBe(1)
  expect(await inTime(async () => 2, { milliseconds: Number.POSITIVE_INFINITY, late })).toBe(2)
  expect(await inTime(() => pause(5, 3), { milliseconds: 2 ** 40, late })).toBe(3)
  const broken = (): never => {
    throw new Error("broken")
  }
  await expect(inTime(broken, { milliseconds: 20, late })).rejects.toThrow("broken")
})

it("says that work is late, work that listens to its signal and work that does not", async () => {
  let told: unknown
  const listening = (signal: AbortSignal) => pause(60_000, undefined, { signal })
  const deaf = (signal: AbortSignal) => {
    signal.addEventListener("abort", () => {
      told = signal.reason
    })
    return new Promise(() => {})
  }
  await expect(inTime(listening, { milliseconds: 20, late })).rejects.toThrow(late)
  await expect(inTime(deaf, { milliseconds: 20, late })).rejects.toThrow(late)
  expect(told).toEqual(new Error(late))
})

it("hands an abort on to the work, which is what ends", async () => {
  const caller = new AbortController()
  let ended = false
  const work = async (signal: AbortSignal) => {
    await new Promise((resolve) => signal.addEventListener("abort", resolve))
    await pause(5)
    ended = true
    signal.throwIfAborted()
  }
  const result = inTime(work, { milliseconds: 60_000, late, abortSignal: caller.signal })
  caller.abort(new Error("stop"))
  await expect(result).rejects.toThrow("stop")
  expect(ended).toBe(true)
})

it("leaves work that does not listen to an abort after its grace, by the abort's reason, also where it was aborted before", async () => {
  const caller = new AbortController()
  const deaf = () => new Promise(() => {})
  const options = { milliseconds: 60_000, late, abortSignal: caller.signal, grace: 20 }
  const result = inTime(deaf, options)
  const quick = inTime(() => pause(60_000, undefined, { signal: caller.signal }), options)
  caller.abort(new Error("stop"))
  await expect(quick).rejects.toThrow("The operation was aborted")
  await expect(result).rejects.toThrow("stop")
  await expect(inTime(deaf, options)).rejects.toThrow("stop")
})
