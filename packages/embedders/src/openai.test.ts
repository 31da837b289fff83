import { readdir, readFile, truncate, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { createRegistry, type Host, isSwirlError, toolServices } from "@swirl-ts/core"
import { type ApiAnswer, answerWith, apiServer, testHost } from "@swirl-ts/test-support"
import { describe, expect, test } from "vitest"
import { type EmbeddersOptions, embedders } from "./index.ts"

interface Body {
  model: string
  input: string[]
  encoding_format: string
}
type Answer = ApiAnswer<Body>
const serve = apiServer<Body>

/** The documented shape, with a vector that says what the text was: its length and its first letter. Answers in reverse order. */
const vectorOf = (text: string): number[] => [text.length, text.codePointAt(0) ?? 0, 1]
const honest: Answer = ({ body }, response) => {
  const data = body.input.map((text, index) => ({ object: "embedding", index, embedding: vectorOf(text) })).reverse()
  response.setHeader("content-type", "application/json")
  response.end(
    JSON.stringify({ object: "list", data, model: body.model, usage: { prompt_tokens: 8, total_tokens: 8 } }),
  )
}
const unit = (vector: number[]): number[] => vector.map((value) => value / Math.hypot(...vector))

const makeHost = () => testHost({ environment: { OPENAI_API_KEY: "sk-secret" } })
const open = async (baseUrl: string, options: EmbeddersOptions = {}, host?: Host) =>
  toolServices(createRegistry([embedders({ firstDelay: 1, ...options })]), host ?? makeHost(), {
    baseUrl,
  }).openEmbedder("openai:small")
const passage = { kind: "passage" } as const
const lists = (vectors: Float32Array[]) => vectors.map((vector) => [...vector])
const near = (expected: number[][]) => expected.map((vector) => vector.map((value) => expect.closeTo(value, 5)))

test("texts go out in batches as documented, and vectors come back in order, of length 1", async () => {
  const { baseUrl, requests } = await serve(honest)
  const embedder = await open(baseUrl, { batchSize: 2, passagePrefix: "p: " })
  expect(embedder.dimensions).toBe(3)
  const texts = ["a", "bb", "ccc", "dddd", "eeeee"]
  const vectors = await embedder.embed(texts, passage)
  expect(lists(vectors)).toEqual(near(texts.map((text) => unit(vectorOf(`p: ${text}`)))))
  expect(requests[0]).toMatchObject({ path: "/v1/embeddings", authorization: "Bearer sk-secret" })
  expect(requests[0]!.body).toMatchObject({ model: "small", encoding_format: "float" })
  expect(
    requests
      .slice(1)
      .map(({ body }) => body.input.length)
      .sort(),
  ).toEqual([1, 2, 2])
})

test("base64 vectors are read too, and an empty text is sent as a space", async () => {
  const { baseUrl, requests } = await serve(({ body }, response) => {
    const data = body.input.map((_, index) => ({
      index,
      embedding: Buffer.from(new Float32Array([3, 4]).buffer).toString("base64"),
    }))
    response.end(JSON.stringify({ data }))
  })
  const embedder = await open(baseUrl)
  expect(lists(await embedder.embed([""], passage))).toEqual(near([[0.6, 0.8]]))
  expect(requests[1]!.body.input).toEqual([" "])
})

describe("failures", () => {
  test("that may pass are tried again, as long as the server wishes", async () => {
    const slow = answerWith(429, "slow", { "retry-after": "0.2" })
    const { baseUrl, requests } = await serve(honest, answerWith(500, "busy"), answerWith(409, "busy"), slow, honest)
    const embedder = await open(baseUrl)
    const began = performance.now()
    expect(await embedder.embed(["a"], passage)).toHaveLength(1)
    expect(performance.now() - began).toBeGreaterThan(190)
    expect(requests).toHaveLength(5)
  })

  test("are tried again at the time that Retry-After names", async () => {
    let until = 0
    const { baseUrl } = await serve(
      honest,
      (request, response) => {
        // HTTP dates are whole seconds.
        until = Math.ceil(Date.now() / 1000 + 0.5) * 1000
        answerWith(429, "slow", { "retry-after": new Date(until).toUTCString() })(request, response)
      },
      honest,
    )
    await (await open(baseUrl)).embed(["a"], passage)
    expect(Date.now()).toBeGreaterThan(until - 50)
  })

  test("of a server with user and password in its address do not show them, nor does the name of the embedder", async () => {
    const { baseUrl, requests } = await serve(honest, answerWith(500, "ann, your word is pass word"))
    const embedder = await open(baseUrl.replace("http://", "http://ann:pass%20word@"), { attempts: 1 })
    expect(requests[0]!.authorization).toBe(`Basic ${btoa("ann:pass word")}`)
    expect(embedder.identity).toMatch(/^openai:127\.0\.0\.1:\d+\/v1:small$/)
    const error: unknown = await embedder.embed(["a"], passage).catch((thrown: unknown) => thrown)
    expect(String(error)).toContain("ann, your word is [key] (given up: 1 attempt failed)")
    expect(String(error)).not.toMatch(/pass|@/)
  })

  test("that stay are sentences without the key", async () => {
    const busy = await serve(answerWith(500, "busy with sk-secret"))
    await expect(open(busy.baseUrl, { attempts: 3 })).rejects.toThrow(
      /\/v1\/embeddings answered 500 Internal Server Error: busy with \[key\] \(given up: 3 attempts failed\)/,
    )
    const wrongKey = await serve(answerWith(401, "who are you"))
    const error = await open(wrongKey.baseUrl).catch((thrown) => thrown)
    expect(isSwirlError(error) && error.kind).toBe("usage")
    expect(wrongKey.requests).toHaveLength(1)
    await expect(open("http://127.0.0.1:9/v1")).rejects.toThrow(/could not be reached.*base URL/)
  }, 60_000)

  const wrong: [string, unknown, RegExp][] = [
    ["no embeddings", { data: "x" }, /answered with no embeddings/],
    ["too few", { data: [] }, /0 embeddings for 1 texts/],
    ["an index of another text", { data: [{ index: 1, embedding: [1] }] }, /1 embeddings for 1 texts/],
    ["nothing inside", { data: [{ index: 0, embedding: [] }] }, /empty/],
  ]
  test.each(wrong)("of servers that send %s are said", async (_what, body, message) => {
    const { baseUrl } = await serve(answerWith(200, JSON.stringify(body)))
    await expect(open(baseUrl)).rejects.toThrow(message)
  })

  test("end at once when the caller gives up", async () => {
    const { baseUrl } = await serve(honest, () => {})
    const embedder = await open(baseUrl)
    const abort = new AbortController()
    const asked = embedder.embed(["a"], { ...passage, abortSignal: abort.signal })
    setTimeout(() => abort.abort(new Error("enough")), 50)
    await expect(asked).rejects.toThrow("enough")
  })
})

describe("vectors that were paid for", () => {
  test("are never asked for again, by another process neither; queries and passages are apart", async () => {
    const host = makeHost()
    const { baseUrl, requests } = await serve(honest)
    const first = await open(baseUrl, {}, host)
    const vectors = await first.embed(["a", "b", "a"], passage)
    expect(requests[1]!.body.input).toEqual(["a", "b"])
    await first.close?.()
    const second = await open(baseUrl, {}, host)
    expect(await second.embed(["b", "a", "a"], passage)).toEqual([vectors[1], vectors[0], vectors[0]])
    expect(requests).toHaveLength(2)
    await second.embed(["b"], { kind: "query" })
    expect(requests).toHaveLength(3)
  })

  test("are kept when another request of the same call fails, before it or after", async () => {
    const host = makeHost()
    let broken = true
    const { baseUrl, requests } = await serve((request, response) => {
      const { input } = request.body
      const answer = () => {
        if (!broken || !input.includes("bb")) return honest(request, response)
        response.writeHead(400).end("too long")
      }
      setTimeout(answer, { a: 1, bb: 40, ccc: 80 }[input[0]!] ?? 1)
    })
    const embedder = await open(baseUrl, { batchSize: 1, concurrency: 3 }, host)
    await expect(embedder.embed(["a", "bb", "ccc", "dddd"], passage)).rejects.toThrow(
      "answered 400 Bad Request: too long",
    )
    broken = false
    const before = requests.length
    expect(await embedder.embed(["a", "bb", "ccc"], passage)).toHaveLength(3)
    expect(requests.slice(before).map(({ body }) => body.input)).toEqual([["bb"]])
  })

  test("survive a torn tail and a changed byte: what is not whole is asked for again", async () => {
    const host = makeHost()
    const { baseUrl, requests } = await serve(honest)
    const texts = ["a", "b", "c", "d"]
    const vectors = await (await open(baseUrl, {}, host)).embed(texts, passage)
    const [name] = await readdir(join(host.cacheDirectory, "embeddings"))
    const path = join(host.cacheDirectory, "embeddings", name!)
    const bytes = await readFile(path)
    await truncate(path, bytes.length - 5)
    expect(await (await open(baseUrl, {}, host)).embed(texts, passage)).toEqual(vectors)
    expect(requests.at(-1)!.body.input).toEqual(["d"])
    expect((await readFile(path)).length).toBe(bytes.length)
    bytes[bytes.length - 40]! ^= 1
    await writeFile(path, bytes)
    expect(await (await open(baseUrl, {}, host)).embed(texts, passage)).toEqual(vectors)
    expect(requests.at(-1)!.body.input).toEqual(["c", "d"])
  })

  test("of another size than before are an error that says what to do", async () => {
    const host = makeHost()
    const longer: Answer = ({ body }, response) =>
      response.end(JSON.stringify({ data: body.input.map((_, index) => ({ index, embedding: [1, 2, 3, 4] })) }))
    const { baseUrl } = await serve(honest, honest, longer)
    const embedder = await open(baseUrl, {}, host)
    await embedder.embed(["a"], passage)
    await expect(embedder.embed(["b"], passage)).rejects.toThrow(/4 numbers where it gave 3 before.*delete/)
    const later = await open(baseUrl, {}, host)
    await expect(later.embed(["b"], passage)).rejects.toThrow(/4 numbers where it gave 3 before/)
  })
})

test("names that name nothing are usage errors with what is there", async () => {
  const services = toolServices(createRegistry([embedders()]), makeHost(), {})
  await expect(services.openEmbedder("small")).rejects.toThrow(/provider and model, one of: openai:…, transformers:…/)
  await expect(services.openEmbedder("opnai:small")).rejects.toThrow(/no embedder provider "opnai".*openai/)
  await expect(services.openEmbedder("transformers:./none")).rejects.toThrow(/npm i --prefix .*transformers/)
  expect(() => embedders({ batchSize: 0 })).toThrow(/batchSize/)
})
