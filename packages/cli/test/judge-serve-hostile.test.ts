/** What nobody should send to `swirl judge serve`, sent. */
import { once } from "node:events"
import { readdirSync, readFileSync, statSync } from "node:fs"
import { request } from "node:http"
import { connect } from "node:net"
import { join } from "node:path"
import { afterEach, beforeAll, describe, expect, test } from "vitest"
import { good, type JudgedFolder, judgedFolder, post, secret } from "./judged-folder.ts"

let it: JudgedFolder
beforeAll(async () => {
  it = await judgedFolder()
}, 120_000)
afterEach(() => it.killAll())

describe("a hostile request is a sentence, and the next one is answered", () => {
  const json = { "content-type": "application/json" }

  /** Raw bytes on a connection of its own, and all that comes back. */
  async function raw(
    url: string,
    write: (socket: ReturnType<typeof connect>) => Promise<void> | void,
  ): Promise<string> {
    const { port, hostname } = new URL(url)
    const socket = connect(Number(port), hostname)
    let back = ""
    socket.setEncoding("utf8").on("data", (text: string) => {
      back += text
    })
    socket.on("error", () => {})
    await once(socket, "connect")
    await write(socket)
    if (!socket.closed) await once(socket, "close")
    return back
  }

  test("100 MB, with and without its length, a drip, half a request, no UTF-8, no JSON, another type", async () => {
    const { url, said, stop, child } = await it.serve(["--request-timeout", "1"])
    const memory = (): number => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))![1])
    expect((await post(`${url}/judge`, it.asking(good))).json().rewards).toEqual([1])
    const before = memory()
    const piece = Buffer.alloc(1_000_000, "a")
    for (const headers of [{ "content-length": "100000000" }, { "transfer-encoding": "chunked" }]) {
      const asked = request(`${url}/judge`, { method: "POST", headers: { ...json, ...headers } })
      asked.setMaxListeners(0).on("error", () => {})
      const answered = once(asked, "response")
      for (let sent = 0; sent < 100 && !asked.destroyed; sent++) {
        if (!asked.write(piece)) await Promise.race([once(asked, "drain"), once(asked, "close")])
      }
      asked.end()
      const [response] = await answered
      expect(response.statusCode).toBe(413)
      response.resume()
    }
    // Kilobytes: what is too large is not kept.
    expect(memory() - before).toBeLessThan(80_000)

    const head =
      "POST /judge HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n"
    const drip = await raw(url, async (socket) => {
      socket.write(head)
      while (!socket.closed && !socket.destroyed) {
        socket.write("{")
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
    })
    expect(drip).toMatch(/^HTTP\/1\.1 408 .*did not arrive within 1 seconds/s)
    await raw(url, (socket) => void socket.end(`${head}{"actions"`))
    expect(await raw(url, (socket) => void socket.end("\0\x01 nonsense\r\n\r\n"))).toMatch(/^HTTP\/1\.1 400 /)

    const answers = [
      [await post(`${url}/judge`, "{"), 400, /is not JSON/],
      [await post(`${url}/judge`, '{"actions": NaN}'), 400, /is not JSON/],
      [await post(`${url}/judge`, "[".repeat(100_000)), 400, /is not JSON/],
      [await post(`${url}/judge`, `${"[".repeat(100_000)}${"]".repeat(100_000)}`), 422, /cannot be read/],
      [await post(`${url}/judge`, { actions: [] }), 422, /"actions"/],
      [
        await post(`${url}/judge`, { actions: [{ row_id: "x/1", completion: "a" }] }),
        422,
        /holds no trajectory of that id/,
      ],
      [await post(`${url}/judge`, it.asking(good), { "content-type": "text/plain" }), 415, /has to be JSON/],
      [await post(`${url}/judge`, it.asking(good), { "content-encoding": "gzip" }), 415, /compressed/],
      [await post(`${url}/elsewhere`, it.asking(good)), 404, /There are \/health/],
    ] as const
    for (const [{ status, json }, expected, sentence] of answers)
      expect([status, json().error]).toEqual([expected, expect.stringMatching(sentence)])
    const bytes = await fetch(`${url}/judge`, {
      method: "POST",
      headers: json,
      body: new Uint8Array([0x22, 0xff, 0x22]),
    })
    expect([bytes.status, await bytes.json()]).toEqual([400, { error: "The body is not UTF-8." }])
    expect((await fetch(`${url}/judge`)).status).toBe(405)

    expect((await post(`${url}/judge`, it.asking(good))).json().rewards).toEqual([1])
    expect(await stop()).toBe(0)
    expect(said()).not.toMatch(/\n {4}at /)
  }, 120_000)

  test("without the token, or with another, is not answered, and no token is in a log, a record or an answer", async () => {
    for (const [args, environment] of [
      [["--token-file", "token.txt"], {}],
      [[], { SWIRL_JUDGE_TOKEN: secret }],
    ] as const) {
      const { url, said, stop } = await it.serve(args, environment)
      const wrong = "another-s3cret"
      const none = await post(`${url}/judge`, it.asking(good))
      const other = await post(`${url}/judge`, it.asking(good), { authorization: `Bearer ${wrong}` })
      expect([none.status, other.status]).toEqual([401, 401])
      expect(none.headers.get("www-authenticate")).toContain("Bearer")
      expect((await fetch(`${url}/metrics`)).status).toBe(401)
      expect(await (await fetch(`${url}/health`)).json()).toMatchObject({ status: "ok" })
      const bearer = await post(`${url}/judge`, it.asking(good), { authorization: `Bearer ${secret}` })
      // Some trainers can be given an address, and nothing else.
      const basic = await post(`${url}/judge`, it.asking(good), { authorization: `Basic ${btoa(`swirl:${secret}`)}` })
      expect([bearer.json().rewards, basic.json().rewards]).toEqual([[1], [1]])
      await stop()
      const written = readdirSync(join(it.folder, "run"), { recursive: true, encoding: "utf8" })
        .map((name) => join(it.folder, "run", name))
        .filter((path) => statSync(path).isFile())
        .map((path) => readFileSync(path, "utf8"))
      for (const text of [said(), none.text, other.text, ...written]) {
        expect(text).not.toContain(secret)
        expect(text).not.toContain(wrong)
      }
    }
  }, 90_000)

  test("cannot come from a page in a browser whose name leads here", async () => {
    const { url, stop } = await it.serve()
    const back = await raw(url, (socket) => void socket.end("GET /metrics HTTP/1.1\r\nhost: evil.example\r\n\r\n"))
    expect(back).toMatch(/^HTTP\/1\.1 403 .*by its own name/s)
    await stop()
  }, 60_000)
})
