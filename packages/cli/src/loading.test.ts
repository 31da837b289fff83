import { expect, test } from "vitest"
import { endLoading, inLoadingTime } from "./loading.ts"

const never = () => new Promise<never>(() => {})

test("what is loaded in time is given; what is late, aborted or waited for in vain ends all the same", async () => {
  const factory = { whose: "the plugin ./mine.ts", what: "factory" }
  expect(endLoading()).toBe(false)
  expect(await inLoadingTime(factory, async () => 1)).toBe(1)
  await expect(inLoadingTime({ ...factory, seconds: 0.02 }, never)).rejects.toThrow(
    "its factory did not end within 0.02 s",
  )
  const abort = new AbortController()
  const aborted = inLoadingTime({ ...factory, abortSignal: abort.signal }, never)
  abort.abort(new Error("stop"))
  await expect(aborted).rejects.toThrow("stop")
  const inVain = inLoadingTime(factory, never)
  expect(endLoading()).toBe(true)
  await expect(inVain).rejects.toThrow("it waits for something that never comes")
})
