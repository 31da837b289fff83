import { serve, until } from "@swirl-ts/test-support"
import { expect, test } from "vitest"
import { fetchListener } from "./fetch-listener.ts"

test("requests and answers go through as they are: address, headers, bodies, status", async () => {
  const { url, close } = await serve(
    fetchListener(async (request) => {
      const { pathname, search } = new URL(request.url)
      const said = `${request.method} ${pathname}${search} ${request.headers.get("x-key")} ${await request.text()}`
      return new Response(said, { status: 201, headers: [["x-made", "here"]] })
    }),
  )
  const answer = await fetch(`${url}/mcp?a=1`, { method: "POST", headers: { "x-key": "k" }, body: "Grüße" })
  expect([answer.status, answer.headers.get("x-made")]).toEqual([201, "here"])
  expect(await answer.text()).toBe("POST /mcp?a=1 k Grüße")
  expect(await (await fetch(url)).text()).toBe("GET / null ")
  await close()
})

test("an answer is streamed, and the request's signal fires when its reader goes away", async () => {
  let gone = false
  const { url, close } = await serve(
    fetchListener(async ({ signal }) => {
      signal.addEventListener("abort", () => {
        gone = true
      })
      return new Response(new ReadableStream({ start: (body) => body.enqueue(new TextEncoder().encode("first")) }))
    }),
  )
  const reading = new AbortController()
  const { body } = await fetch(url, { signal: reading.signal })
  const { value } = await body!.getReader().read()
  expect(new TextDecoder().decode(value)).toBe("first")
  expect(gone).toBe(false)
  reading.abort()
  await until(() => gone)
  await close()
})

test("a handler that throws is answered by 500, and the next request is served", async () => {
  let calls = 0
  const { url, close } = await serve(
    fetchListener(async () => {
      if (calls++ === 0) throw new Error("broken")
      return new Response(null, { status: 204 })
    }),
  )
  expect((await fetch(url)).status).toBe(500)
  expect((await fetch(url)).status).toBe(204)
  await close()
})
