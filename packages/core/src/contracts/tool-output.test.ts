import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { asMcpResult } from "../tool-output/mcp-result.ts"
import { readToolOutput } from "./tool-output.ts"

const text = async (output: unknown): Promise<string> => {
  const observation = await readToolOutput(output)
  expect(observation.isError).toBe(false)
  return observation.text
}

describe("MCP's own result is unpacked", () => {
  it("its texts as they are, isError as a tool error", async () => {
    expect(await readToolOutput({ content: [{ type: "text", text: "no such page" }], isError: true })).toEqual({
      text: "no such page",
      isError: true,
    })
    const content = [
      { type: "text", text: "a" },
      { type: "text", text: "b", annotations: { audience: ["user"] } },
    ]
    expect(await text({ content, _meta: { trace: 1 } })).toBe("a\nb")
  })

  it("what is no text by kind, media type, size and address", async () => {
    const content = [
      { type: "image", data: Buffer.alloc(20).toString("base64"), mimeType: "image/png" },
      { type: "audio", data: "AAAA", mimeType: "audio/wav" },
      { type: "resource", resource: { uri: "file:///a.md", mimeType: "text/markdown", text: "# A" } },
      { type: "resource", resource: { uri: "file:///b.bin", blob: "AAA=" } },
      { type: "resource_link", uri: "file:///c", name: "c", description: "the third", mimeType: "text/plain", size: 7 },
    ]
    expect((await text({ content })).split("\n")).toEqual([
      "[image, image/png, 20 bytes]",
      "[audio, audio/wav, 3 bytes]",
      "[resource, file:///a.md, text/markdown]",
      "# A",
      "[resource, file:///b.bin, 2 bytes]",
      "[resource link, c, the third, file:///c, text/plain, 7 bytes]",
    ])
  })

  it("structured content once, also where a text says it again", async () => {
    const structuredContent = { celsius: 21, place: "Rome" }
    const again = { type: "text", text: '{ "place": "Rome", "celsius": 21 }' }
    expect(await text({ content: [again], structuredContent })).toBe(again.text)
    expect(await text({ content: [{ type: "text", text: "21 °C" }], structuredContent })).toBe(
      '21 °C\n{"celsius":21,"place":"Rome"}',
    )
    const wrapped = {
      content: [{ type: "text", text: "The secret is 4217.\n" }],
      structuredContent: { content: "The secret is 4217.\n" },
    }
    expect(await text(wrapped)).toBe("The secret is 4217.\n")
    expect(await text({ content: [], structuredContent })).toBe('{"celsius":21,"place":"Rome"}')
  })

  it.each([
    { title: "T", content: "C" },
    { title: "T", content: [{ type: "text", text: "C" }] },
    { content: "C" },
    { content: [] },
    { content: ["a", "b"] },
    { content: [{ type: "text", text: "C", score: 2 }] },
    { content: [{ type: "chart", points: [1] }] },
  ])("and nothing else is: %j", async (output) => {
    expect(await text(output)).toBe(JSON.stringify(output))
  })
})

describe("our own conventions", () => {
  it("an error and a search without a find show their output alone", async () => {
    expect(await readToolOutput({ isError: true, output: "no" })).toEqual({ text: "no", isError: true })
    expect(await readToolOutput({ nothingFound: true, output: "no page" })).toEqual({
      text: "no page",
      isError: false,
      nothingFound: true,
    })
    expect(await readToolOutput({ isError: true, output: { rows: [1] } })).toEqual({
      text: '{"rows":[1]}',
      isError: true,
    })
  })

  it("lose no other field", async () => {
    const failed = { isError: true, output: "no", code: 3 }
    expect(await readToolOutput(failed)).toEqual({ text: JSON.stringify(failed), isError: true })
    expect(await text({ output: "ok", exitCode: 0 })).toBe('{"output":"ok","exitCode":0}')
    expect(await text({ output: "ok" })).toBe('{"output":"ok"}')
  })
})

describe("streaming tools", () => {
  it("the last value of an async generator, a generator or an async iterable counts", async () => {
    async function* slowly() {
      yield "looking"
      yield { found: 1 }
    }
    function* quickly() {
      yield 1
      yield 2
    }
    expect(await text(slowly())).toBe('{"found":1}')
    expect(await text(quickly())).toBe("2")
    expect(await text({ [Symbol.asyncIterator]: slowly })).toBe('{"found":1}')
  })

  it("the pieces of a stream of bytes or texts belong together", async () => {
    expect(await text(new Blob(["one ", "two"]).stream())).toBe("one two")
    expect(await text(ReadableStream.from(["one ", "two"]))).toBe("one two")
  })

  it("what it throws is thrown on, and an endless one ends at the signal", async () => {
    async function* failing() {
      yield 1
      throw new Error("lost the line")
    }
    await expect(readToolOutput(failing())).rejects.toThrow("lost the line")
    let closed = false
    async function* endless() {
      try {
        while (true) yield 1
      } finally {
        closed = true
      }
    }
    await expect(readToolOutput(endless(), { abortSignal: AbortSignal.timeout(20) })).rejects.toThrow()
    expect(closed).toBe(true)
  })
})

describe("responses", () => {
  it("show their text; one that is not ok is an error", async () => {
    expect(await text(new Response("hello"))).toBe("hello")
    expect(await text(Response.json({ a: 1 }))).toBe('{"a":1}')
    const missing = new Response("no such page", { status: 404, statusText: "Not Found" })
    expect(await readToolOutput(missing)).toEqual({ text: "error: HTTP 404 Not Found: no such page", isError: true })
  })

  it("name what is no text, and say where the body is gone", async () => {
    const headers = { "content-type": "image/png" }
    expect(await text(new Response(new Uint8Array(100).fill(255), { headers }))).toBe("[image/png, 100 bytes]")
    const latin = new Response(new Uint8Array([0xe9]), { headers: { "content-type": "text/html" } })
    expect(await text(latin)).toBe("é")
    const used = new Response("hello")
    await used.text()
    expect(await text(used)).toBe("HTTP 200, its body was read before")
  })
})

describe("values that JSON would lose", () => {
  class Counter {
    #count = 3
    get count() {
      return this.#count
    }
  }
  const circular: Record<string, unknown> = { a: 1 }
  circular.self = circular
  const shared = { b: 2 }
  it.each<[string, unknown, string]>([
    ["undefined", undefined, "undefined"],
    ["null", null, "null"],
    ["NaN", Number.NaN, "NaN"],
    ["a bigint", 12345678901234567890n, "12345678901234567890"],
    ["an inner bigint", { n: 12345678901234567890n }, '{"n":12345678901234567890}'],
    ["a field that is undefined", { result: undefined }, '{"result":null}'],
    ["infinity", { n: -Infinity }, '{"n":"-Infinity"}'],
    ["a date", new Date(0), "1970-01-01T00:00:00.000Z"],
    ["an invalid date", { at: new Date("no") }, '{"at":"Invalid Date"}'],
    ["an address", new URL("https://example.org/a"), "https://example.org/a"],
    ["a map", new Map([["a", new Map([["b", 1]])]]), '{"a":{"b":1}}'],
    ["a map with other keys", new Map([[1, "a"]]), '[[1,"a"]]'],
    ["a set", new Set([1, "a"]), '[1,"a"]'],
    ["a function", function look() {}, "[function look]"],
    ["a symbol", { s: Symbol("s") }, '{"s":"Symbol(s)"}'],
    ["a circle", circular, '{"a":1,"self":"[circular]"}'],
    ["what is shared", [shared, shared], '[{"b":2},{"b":2}]'],
    ["an inner error", { error: new TypeError("bad") }, '{"error":{"name":"TypeError","message":"bad"}}'],
    ["a regular expression", /a+/g, "/a+/g"],
    ["search parameters", new URLSearchParams("a=1&b=2"), '[["a","1"],["b","2"]]'],
    ["headers", { headers: new Headers({ a: "1" }) }, '{"headers":[["a","1"]]}'],
    ["a promise", { later: Promise.resolve(1) }, '{"later":"[Promise]"}'],
    ["an object that hides what it holds", new Counter(), "[Counter]"],
    ["an object without a prototype", Object.assign(Object.create(null), { a: 1 }), '{"a":1}'],
    ["a boxed text", { s: Object("x") }, '{"s":"x"}'],
    ["numbers", new Float32Array([1, 2.5]), "[1,2.5]"],
    ["bytes that are text", Buffer.from("grüezi"), "grüezi"],
    ["a few bytes", new Uint8Array([1, 2, 255]), "[binary, 3 bytes: 1 2 255]"],
    ["many bytes", { image: new Uint8Array(1000) }, '{"image":"[binary, 1000 bytes]"}'],
    ["a blob", new Blob(["abc"], { type: "text/plain" }), "[text/plain, 3 bytes]"],
  ])("%s", async (_name, value, expected) => {
    expect(await text(value)).toBe(expected)
  })

  it("an error is an error", async () => {
    expect(await readToolOutput(new RangeError("too far"))).toEqual({ text: "error: too far", isError: true })
  })

  it("what is nested without end is refused in words", async () => {
    let deep: unknown = 1
    for (let level = 0; level < 100_000; level++) deep = [deep]
    await expect(readToolOutput(deep)).rejects.toThrow("nested more than 500 levels")
  })
})

/** Texts, numbers and keys, as JSON writes them. */
function leaves(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [JSON.stringify(value)]
  return Object.entries(value).flatMap(([key, each]) => [
    ...(Array.isArray(value) ? [] : [JSON.stringify(key)]),
    ...leaves(each),
  ])
}

/** MCP's own result, or one of our two conventions. */
function isSpecial(value: unknown): boolean {
  const keys = typeof value === "object" && value !== null && !Array.isArray(value) ? Object.keys(value) : []
  return asMcpResult(value) !== undefined || (keys.length === 2 && keys.includes("output") && keys.includes("isError"))
}

it("for any JSON value that is of no special shape, the text is its JSON with every leaf", async () => {
  const field = fc.constantFrom("content", "output", "text", "type", "title", "isError", "value", "data")
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      fc.jsonValue(),
      fc.constantFrom<unknown>("text", "image", true, ""),
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(field, tie("value"), { maxKeys: 4 }),
    ),
  }))
  await fc.assert(
    fc.asyncProperty(value, async (output) => {
      fc.pre(!isSpecial(output))
      const { text: shown } = await readToolOutput(output)
      expect(shown).toBe(typeof output === "string" ? output : JSON.stringify(output))
      if (typeof output === "string") return
      for (const leaf of leaves(output)) expect(shown).toContain(leaf)
    }),
    { numRuns: 500 },
  )
})
