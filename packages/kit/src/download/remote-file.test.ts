import { buffer } from "node:stream/consumers"
import { setImmediate } from "node:timers/promises"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { serve, testHost } from "@swirl-ts/test-support"
import { expect, test } from "vitest"
import { sourceOf } from "./remote-file.ts"

test("what a host sends outlives the response that brought it", async () => {
  setFlagsFromString("--expose-gc")
  const collect = runInNewContext("gc") as () => void
  const bytes = Buffer.alloc(2e6, "swirl")
  const { url } = await serve((_request, response) => void response.end(bytes))
  const opened = await sourceOf({ url: `${url}/data.json` }, testHost()).open(AbortSignal.timeout(10_000))
  const { body } = await opened.rest(0)
  for (let round = 0; round < 20; round++) {
    collect()
    await setImmediate()
  }
  expect((await buffer(body!)).equals(bytes)).toBe(true)
})
