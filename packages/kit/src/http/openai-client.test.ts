import { inspect } from "node:util"
import { isSwirlError } from "@swirl-ts/core"
import { answerWith, apiServer } from "@swirl-ts/test-support"
import { describe, expect, it } from "vitest"
import { HttpError } from "./http-error.ts"
import { createOpenaiClient, type OpenaiClient } from "./openai-client.ts"
import { openaiServers } from "./openai-server.ts"
import { withRetry } from "./retry.ts"

const clientOf = (baseUrl: string, apiKey?: string, timeout = 10_000) =>
  createOpenaiClient({ baseUrl, apiKey }, "/things", timeout)

async function failure(client: OpenaiClient): Promise<HttpError> {
  const error: unknown = await client.post({}).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(HttpError)
  return error as HttpError
}

describe("a request", () => {
  it("posts JSON to a path of the server, with the key as bearer token", async () => {
    const { baseUrl, requests } = await apiServer(answerWith(200, { well: true }))
    for (const address of [baseUrl, `${baseUrl}/`]) {
      expect((await clientOf(address, "sk-1").post({ question: 1 })).value).toEqual({ well: true })
    }
    const sent = { path: "/v1/things", authorization: "Bearer sk-1", body: { question: 1 } }
    expect(requests).toEqual([sent, sent])
  })

  it.each([
    ["ann:word", "ann:word"],
    ["ann:pass%20%40word", "ann:pass @word"],
    ["ann", "ann:"],
    [":word", ":word"],
    ["ann:100%", "ann:100%"],
  ])("sends user and password of the address (%s), not the key of the environment", async (userInfo, pair) => {
    const { baseUrl, requests } = await apiServer(answerWith(200, {}))
    await clientOf(baseUrl.replace("://", `://${userInfo}@`), "sk-of-another-server").post({})
    expect(requests[0]!.authorization).toBe(`Basic ${btoa(pair)}`)
  })

  it("waits as long as Retry-After says before it is made again", async () => {
    const { baseUrl, requests } = await apiServer(
      answerWith(409, "conflict"),
      answerWith(429, "slow", { "retry-after": "0.3" }),
      answerWith(200, "[1]"),
    )
    const began = performance.now()
    const reply = await withRetry(() => clientOf(baseUrl).post({}), 1, { firstDelay: 1 })
    expect(reply.value).toEqual([1])
    expect(performance.now() - began).toBeGreaterThan(290)
    expect(requests).toHaveLength(3)
  })
})

describe("a failure", () => {
  it.each([
    [400, false, "failed"],
    [401, false, "usage"],
    [403, false, "usage"],
    [404, false, "usage"],
    [408, true, "failed"],
    [409, true, "failed"],
    [422, false, "failed"],
    [429, true, "failed"],
    [500, true, "failed"],
    [529, true, "failed"],
  ])("with status %d: worth another try %s, kind %s", async (statusCode, isRetryable, kind) => {
    const { baseUrl } = await apiServer(answerWith(statusCode, "no", { "x-request-id": "r1" }))
    const error = await failure(clientOf(baseUrl))
    expect(error).toMatchObject({ statusCode, isRetryable, kind, responseHeaders: { "x-request-id": "r1" } })
    expect(error.message).toMatch(new RegExp(`^${baseUrl}/things answered ${statusCode}.*: no$`))
  })

  it.each([
    ["torn JSON", "[1, 2", "answered with something that is not JSON: [1, 2", true],
    ["nothing", "", "answered with something that is not JSON: (empty body)", true],
    ["an error", '{"error":{"message":"busy","code":"429"}}', "answered with an error: {", true],
    ["a wrong key", '{"error":{"message":"no","code":401}}', "answered with an error: {", false],
    ["an error without code", '{"error":"the worker is gone"}', "answered with an error: {", true],
  ])("in an answer that looks well, %s, is said", async (_what, body, message, isRetryable) => {
    const { baseUrl } = await apiServer(answerWith(200, body))
    const error = await failure(clientOf(baseUrl))
    expect(error.message).toContain(message)
    expect(error).toMatchObject({ isRetryable, kind: body.includes("401") ? "usage" : "failed" })
  })

  it("that the caller sees in a reply quotes the reply", async () => {
    const { baseUrl } = await apiServer(answerWith(200, `{"data":  "${"x".repeat(9999)}"}`))
    const error = (await clientOf(baseUrl).post({})).refusal("answered with no vectors")
    expect(error).toMatchObject({ isRetryable: false, statusCode: 200 })
    expect(error.message).toMatch(/things answered with no vectors: \{"data": "x+…$/)
    expect(error.message.length).toBeLessThan(400)
  })

  it("never shows a secret, also where the server repeats it in any form", async () => {
    const secrets = ["sk-secret", "pass word", "pass%20word", btoa("ann:pass word")]
    const { baseUrl } = await apiServer(answerWith(401, `You sent ${secrets.join(", ")}.`))
    const withPassword = await failure(clientOf(baseUrl.replace("://", "://ann:pass%20word@"), "sk-secret\n"))
    expect(withPassword.message).toContain("You sent [key], [key], [key], [key].")
    expect(withPassword.message).not.toContain("@")
    // The header cannot be sent.
    const torn = await failure(clientOf(baseUrl, "sk-\nsecret"))
    expect(torn.message).toContain("[key]")
    expect(torn.message).not.toContain("secret")
  })

  it("never shows a secret that JSON writes otherwise, nor one in a header", async () => {
    const key = 'sk-a/b"c'
    const body = `{"error":{"message":${JSON.stringify(`Bearer ${key}`).replaceAll("/", "\\/")}}}`
    const { baseUrl } = await apiServer(answerWith(429, body, { "x-echo": key }))
    const error = await failure(clientOf(baseUrl, key))
    expect(error.message).toContain("Bearer [key]")
    expect(inspect(error)).toContain("'x-echo': '[key]'")
    expect(inspect(error)).not.toContain("sk-a")
  })

  it("is an answer in which bytes were lost: it would be read as another one", async () => {
    const torn = Buffer.from('{"text":"4?"}')
    torn[10] = 0xff
    const { baseUrl } = await apiServer((_request, response) => response.writeHead(200).end(torn))
    const error = await failure(clientOf(baseUrl))
    expect(error).toMatchObject({ isRetryable: true, statusCode: 200 })
    expect(error.message).toContain("answered with bytes that are no UTF-8")
    // What is only shown may be in any encoding.
    const latin = await apiServer((_request, response) => response.writeHead(502).end(torn))
    expect((await failure(clientOf(latin.baseUrl))).message).toContain("answered 502")
  })

  it("is an answer that never ends: it is left, and what it took is given back", async () => {
    let sent = 0
    const { baseUrl } = await apiServer((_request, response) => {
      const piece = Buffer.alloc(4 << 20, "x")
      const more = (): void => {
        if (response.destroyed) return
        sent += piece.length
        response.write(piece, more)
      }
      response.writeHead(200)
      more()
    })
    const error = await failure(clientOf(baseUrl, undefined, 30_000))
    expect(error.isRetryable).toBe(true)
    expect(error.message).toContain("answered with more than 128 MiB, so it was left.")
    expect(sent).toBeLessThan(256 << 20)
  })

  it("is a server that nobody reaches, and one that does not answer in time", async () => {
    expect(await failure(clientOf("http://127.0.0.1:1/v1"))).toMatchObject({
      isRetryable: true,
      statusCode: undefined,
      message: expect.stringMatching(
        /^http:\/\/127\.0\.0\.1:1\/v1\/things could not be reached .*Is the server running/,
      ),
    })
    const { baseUrl } = await apiServer(() => undefined)
    const late = await failure(clientOf(baseUrl, undefined, 100))
    expect(late).toMatchObject({ isRetryable: true, message: `${baseUrl}/things did not answer within 0.1 s.` })
  })

  it("is not a long wait: an answer arrives that Node's own fetch would have given up", async () => {
    const { baseUrl } = await apiServer((request, response) => {
      setTimeout(() => response.writeHead(200).write(" "), 2500)
      setTimeout(
        () =>
          answerWith(200, {})(request, {
            writeHead: () => undefined,
            end: (text: string) => response.end(text),
          } as never),
        5000,
      )
    })
    await fetch("data:,")
    const key = Symbol.for("undici.globalDispatcher.1")
    const globals = globalThis as unknown as Record<symbol, object>
    const patient = globals[key]!
    const Agent = patient.constructor as new (options: object) => object
    // Five minutes, shortened.
    globals[key] = new Agent({ headersTimeout: 100, bodyTimeout: 100 })
    try {
      await expect(fetch(baseUrl, { method: "POST", body: "{}" })).rejects.toThrow("fetch failed")
      expect((await clientOf(baseUrl, undefined, 20_000).post({})).value).toEqual({})
    } finally {
      globals[key] = patient
    }
  }, 30_000)

  it("is not an address elsewhere: a request goes on to it, and its key only to the same server", async () => {
    const other = await apiServer(answerWith(200, { well: true }))
    const first = await apiServer(
      answerWith(308, "", { location: "/v2/things" }),
      answerWith(307, "", { location: `${other.baseUrl}/x` }),
    )
    expect((await clientOf(first.baseUrl, "sk-1").post({ a: 1 })).value).toEqual({ well: true })
    expect(first.requests.map(({ path, authorization }) => [path, authorization])).toEqual([
      ["/v1/things", "Bearer sk-1"],
      ["/v2/things", "Bearer sk-1"],
    ])
    expect(other.requests).toEqual([{ path: "/v1/x", authorization: undefined, body: { a: 1 } }])
  })

  it("is not an abort: that ends a call at once by its own reason", async () => {
    const abort = new AbortController()
    const { baseUrl } = await apiServer(() => abort.abort(new Error("enough")))
    await expect(clientOf(baseUrl).post({}, abort.signal)).rejects.toThrow("enough")
  })
})

describe("the server", () => {
  const key = { OPENAI_API_KEY: "sk-1" }
  it.each([
    ["http://a/v1//", { OPENAI_BASE_URL: "http://b/v1" }, { baseUrl: "http://a/v1", apiKey: undefined }],
    [undefined, { ...key, OPENAI_BASE_URL: "http://b/v1/" }, { baseUrl: "http://b/v1", apiKey: "sk-1" }],
    ["", { ...key, OPENAI_BASE_URL: "" }, { baseUrl: "https://api.openai.com/v1", apiKey: "sk-1" }],
    ["http://a", { ...key, SWIRL_API_KEY: "sk-2" }, { baseUrl: "http://a", apiKey: "sk-2" }],
    ["http://a", { ...key, SWIRL_API_KEY: "" }, { baseUrl: "http://a", apiKey: "sk-1" }],
  ])("is the one of the option, else of the environment, else OpenAI's own: %j %j", (given, environment, server) => {
    expect(openaiServers(given, environment)).toEqual([server])
  })

  it.each([
    [undefined, "openai: needs a key in OPENAI_API_KEY (or SWIRL_API_KEY), or a server of your own (--base-url)."],
    ["localhost", 'The base URL "localhost" is not a URL; write e.g. http://localhost:8000/v1.'],
    ["http://ann:se@cret@x:port", 'The base URL "http://…@x:port" is not a URL; write e.g. http://localhost:8000/v1.'],
    ["ann:secret@host", 'The base URL "…@host" is not a URL'],
    ["localhost:8000/v1", 'The base URL "localhost:8000/v1" is not a URL'],
  ])("that cannot be asked is a usage error: %s", (given, message) => {
    try {
      openaiServers(given, {})
    } catch (error) {
      expect(isSwirlError(error) && error.kind).toBe("usage")
      return expect(String(error)).toContain(message)
    }
    throw new Error("nothing was wrong")
  })
})
