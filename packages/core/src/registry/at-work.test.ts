import { setTimeout as pause } from "node:timers/promises"
import { expect, it } from "vitest"
import { whoIsAtWork, whoseCode, workAs } from "./at-work.ts"

it("names who is at work until it ends, however it ends, and gives what the work gives", async () => {
  const first = workAs("first", () => pause(20, 1))
  const second = workAs("second", async () => {
    await pause(5)
    throw new Error("broken")
  })
  expect(whoIsAtWork()).toEqual(["first", "second"])
  await expect(second).rejects.toThrow("broken")
  expect(whoIsAtWork()).toEqual(["first"])
  expect(await first).toBe(1)
  expect(whoIsAtWork()).toEqual([])
})

it("knows whose code runs in a timer that outlived its work, and the inner one of two", async () => {
  const seen: (string | undefined)[] = []
  await workAs("outer", async () => {
    setTimeout(() => seen.push(whoseCode()), 10)
    await workAs("inner", () => void seen.push(whoseCode()))
    seen.push(whoseCode())
  })
  seen.push(whoseCode())
  await pause(30)
  expect(seen).toEqual(["inner", "outer", undefined, "outer"])
})
