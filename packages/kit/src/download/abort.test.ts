/** Downloads that are told to stop, from a server that stops sending after 1,000 bytes and never says why. */
import { createHash } from "node:crypto"
import { readFile, stat } from "node:fs/promises"
import { join } from "node:path"
import { serve, testHost, until } from "@swirl-ts/test-support"
import { expect, test } from "vitest"
import { download } from "./index.ts"

const content = Buffer.alloc(3000, "swirl")
const sha256 = createHash("sha256").update(content).digest("hex")
const stop = new Error("stopped by the test")

async function slowHost() {
  const asked: (string | undefined)[] = []
  const open = new Set<object>()
  const state = { slow: true }
  const { url, close } = await serve((request, response) => {
    const { range } = request.headers
    const [, from, to] = /bytes=(\d+)-(\d*)/.exec(range ?? "") ?? []
    const bytes = content.subarray(Number(from ?? 0), to ? Number(to) + 1 : content.length)
    response.writeHead(range ? 206 : 200, {
      ETag: '"one"',
      "Content-Length": bytes.length,
      ...(range ? { "Content-Range": `bytes ${from}-${Number(from) + bytes.length - 1}/${content.length}` } : {}),
    })
    if (range === "bytes=0-0") return response.end(bytes)
    asked.push(range)
    open.add(response)
    response.on("close", () => open.delete(response))
    if (state.slow) response.write(bytes.subarray(0, 1000))
    else response.end(bytes)
  })
  const host = testHost({ environment: { HF_ENDPOINT: url } })
  const part = (path: string): string => join(host.cacheDirectory, "datasets", `${path}.${process.pid}.part`)
  const came = (path: string) => until(async () => (await stat(part(path)).catch(() => undefined))?.size === 1000)
  return { url, host, asked, open, state, came, close }
}

test.each(["a plain host", "a hub"])(
  "a download from %s stops at once, and the next one goes on with its part",
  async (kind) => {
    const { url, host, asked, open, state, came } = await slowHost()
    const repository = { repository: "a/b", revision: "c", path: "data.json", sha256 }
    const file = kind === "a hub" ? repository : { url: `${url}/data.json`, sha256 }
    const place = kind === "a hub" ? "a--b/c/data.json" : `${new URL(url).host.replace(":", "-")}/data.json`
    const controller = new AbortController()
    const stopped = download(file, host, { abortSignal: controller.signal })
    await came(place)
    controller.abort(stop)
    await expect(stopped).rejects.toBe(stop)
    await until(() => open.size === 0)
    state.slow = false
    expect(await readFile(await download(file, host))).toEqual(content)
    expect(asked[1]).toMatch(/^bytes=1000-/)
  },
)

test("a download that several wait for goes on until the last of them stops", async () => {
  const { url, host, open, came } = await slowHost()
  const file = { url: `${url}/data.json`, sha256 }
  const [first, second] = [new AbortController(), new AbortController()]
  const both = [first, second].map(({ signal }) => download(file, host, { abortSignal: signal }))
  await came(`${new URL(url).host.replace(":", "-")}/data.json`)
  first.abort(new Error("the first one"))
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(open.size).toBe(1)
  second.abort(stop)
  for (const each of both) await expect(each).rejects.toBe(stop)
  await until(() => open.size === 0)
})

test("a download that is asked for while an earlier one stops goes on with its part", async () => {
  const { url, host, asked, state, came } = await slowHost()
  const file = { url: `${url}/data.json`, sha256 }
  const controller = new AbortController()
  const stopped = download(file, host, { abortSignal: controller.signal })
  await came(`${new URL(url).host.replace(":", "-")}/data.json`)
  state.slow = false
  controller.abort(stop)
  const again = Promise.all([download(file, host), download(file, host)])
  await expect(stopped).rejects.toBe(stop)
  for (const target of await again) expect(await readFile(target)).toEqual(content)
  expect(asked).toEqual([undefined, "bytes=1000-"])
})

test("nothing is fetched for who has stopped already", async () => {
  const { url, host, asked } = await slowHost()
  await expect(download({ url: `${url}/data.json` }, host, { abortSignal: AbortSignal.abort(stop) })).rejects.toBe(stop)
  expect(asked).toEqual([])
})
