import { describe, expect, it } from "vitest"
import { readToolOutput } from "../contracts/tool-output.ts"

type Say = (output: never) => unknown
const read = (toModelOutput: Say, output: unknown) =>
  readToolOutput(output, { tool: { toModelOutput }, input: { city: "Rome" }, toolCallId: "7" })
const weather = { celsius: 21, raw: [1, 2, 3] }
type Weather = typeof weather

describe("a tool of version 6 or 7 is given the call", () => {
  it.each<[string, Say]>([
    ["by name", ({ output }: { output: Weather }) => ({ type: "text", value: `${output.celsius} °C` })],
    ["whole", (call: { output: Weather }) => ({ type: "text", value: `${call.output.celsius} °C` })],
    [
      "with others",
      ({ output, ...others }: { output: Weather; toolCallId: string }) => ({
        type: "text",
        value: others.toolCallId === "7" ? `${output.celsius} °C` : "",
      }),
    ],
    ["later", async ({ output }: { output: Weather }) => ({ type: "text", value: `${output.celsius} °C` })],
  ])("%s", async (_name, say) => {
    expect(await read(say, weather)).toEqual({ text: "21 °C", isError: false })
  })

  it("with its input and id", async () => {
    const say = ({ input, toolCallId }: { input: { city: string }; toolCallId: string }) => ({
      type: "json",
      value: [input.city, toolCallId],
    })
    expect((await read(say, weather)).text).toBe('["Rome","7"]')
  })
})

describe("a tool of version 5 is given the output alone", () => {
  it.each<[string, Say, unknown, string]>([
    ["a field", (output: Weather) => ({ type: "text", value: `${output.celsius} °C` }), weather, "21 °C"],
    ["a text", (output: string) => ({ type: "text", value: output.toUpperCase() }), "rome", "ROME"],
    ["in a template", (output: string) => ({ type: "text", value: `Found: ${output}` }), "Rome", "Found: Rome"],
    ["handed on", (output: Weather) => ({ type: "json", value: output }), weather, JSON.stringify(weather)],
    ["wrapped", (output: Weather) => ({ type: "json", value: { output } }), 5, '{"output":5}'],
    ["listed", (output: Weather) => ({ type: "text", value: Object.keys(output).join() }), weather, "celsius,raw"],
    [
      "with an output of its own",
      (run: { output: string; exitCode: number }) => ({ type: "text", value: `${run.output} (${run.exitCode})` }),
      { output: "ok", exitCode: 0 },
      "ok (0)",
    ],
    [
      "with nothing but an output of its own",
      (run: { output: string }) => ({ type: "text", value: run.output }),
      { output: "ok" },
      "ok",
    ],
  ])("%s", async (_name, say, output, expected) => {
    expect(await read(say, output)).toEqual({ text: expected, isError: false })
  })
})

describe("every type of output", () => {
  const said = (output: unknown) => read(() => output, {})
  it.each<[unknown, { text: string; isError: boolean }]>([
    [
      { type: "text", value: "a" },
      { text: "a", isError: false },
    ],
    [
      { type: "json", value: { a: 1 } },
      { text: '{"a":1}', isError: false },
    ],
    [
      { type: "error-text", value: "bad" },
      { text: "bad", isError: true },
    ],
    [
      { type: "error-json", value: { code: 1 } },
      { text: '{"code":1}', isError: true },
    ],
    [
      { type: "execution-denied", reason: "not today" },
      { text: "error: not today", isError: true },
    ],
  ])("%j", async (output, expected) => {
    expect(await said(output)).toEqual(expected)
  })

  it("content: texts as they are, the others by kind, media type, size and address", async () => {
    const data = Buffer.alloc(20).toString("base64")
    const value = [
      { type: "text", text: "see" },
      { type: "media", data, mediaType: "image/png" },
      { type: "file-data", data, mediaType: "application/pdf", filename: "a.pdf" },
      { type: "image-url", url: "https://example.org/a.png" },
      { type: "file", mediaType: "image/png", data: { type: "data", data } },
      { type: "file", mediaType: "text/plain", data: { type: "text", text: "inside" } },
      { type: "file-id", fileId: "f1" },
    ]
    expect((await said({ type: "content", value })).text.split("\n")).toEqual([
      "see",
      "[media, image/png, 20 bytes]",
      "[file-data, a.pdf, application/pdf, 20 bytes]",
      "[image-url, https://example.org/a.png]",
      "[file, image/png, 20 bytes]",
      "[file, text/plain]",
      "inside",
      '{"type":"file-id","fileId":"f1"}',
    ])
  })
})

describe("what the tool says does not hide a failure", () => {
  it("an MCP error stays one, whatever is said of it", async () => {
    const failed = { content: [{ type: "text", text: "no" }], isError: true }
    const say = ({ output }: { output: typeof failed }) => ({ type: "content", value: output.content })
    expect(await read(say, failed)).toEqual({ text: "no", isError: true })
  })

  it("where it says nothing, the output is read as usual", async () => {
    expect(await read(() => undefined, { a: 1 })).toEqual({ text: '{"a":1}', isError: false })
    const structured = { content: [], structuredContent: { a: 1 } }
    const say = ({ output }: { output: typeof structured }) => ({ type: "content", value: output.content })
    expect(await read(say, structured)).toEqual({ text: '{"a":1}', isError: false })
  })

  it("what it throws is thrown", async () => {
    const broken = ({ output }: { output: { rows: unknown[] } }) => ({
      type: "text",
      value: String(output.rows.length),
    })
    await expect(read(broken, {})).rejects.toThrow("reading 'length'")
  })
})
