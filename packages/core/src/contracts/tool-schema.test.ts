import { describe, expect, it, test } from "vitest"
import { z } from "zod"
import * as mini from "zod/mini"
import { z as z3 } from "zod/v3"
import { createRegistry } from "../registry/create-registry.ts"
import { definePlugin } from "../registry/plugin.ts"
import { callTool, type GivenTool, type Tool } from "./tool.ts"
import { loadToolSchema, readToolSchema, type ToolSchema, toolSchemaProblem } from "./tool-schema.ts"

const cityField = { type: "object", properties: { city: { type: "string" } }, required: ["city"] }
const toolOf = (inputSchema: ToolSchema): Tool => ({ description: "", inputSchema, execute: (input) => ({ input }) })
const call = (inputSchema: ToolSchema, input: unknown) =>
  callTool(toolOf(inputSchema), input, { toolCallId: "1", messages: [] })
/** As the AI SDK's jsonSchema() makes them. */
const sdk = (jsonSchema: object, validate?: unknown) => ({ jsonSchema, validate })
const standardJson = (schema: object) => ({
  "~standard": { version: 1 as const, vendor: "other", jsonSchema: { input: () => schema } },
})

describe.each<[string, ToolSchema]>([
  ["zod", z.object({ city: z.string() })],
  ["zod mini", mini.object({ city: mini.string() })],
  ["plain JSON Schema", cityField],
  ["the AI SDK's schema", sdk(cityField)],
  ["a promise of the AI SDK", sdk(Promise.resolve(cityField))],
  ["a function", () => z.object({ city: z.string() })],
  ["Standard JSON Schema alone", standardJson(cityField) as unknown as ToolSchema],
])("a schema by %s", (_name, schema) => {
  it("is shown as JSON Schema and checks the input", async () => {
    expect(await loadToolSchema("t", toolOf(schema))).toMatchObject(cityField)
    expect(readToolSchema("t", toolOf(schema))).toMatchObject(cityField)
    expect(await call(schema, { city: "Rome" })).toMatchObject({ isError: false })
    const refused = await call(schema, { city: 7 })
    expect(refused).toMatchObject({ isError: true, text: expect.stringContaining("city") })
  })
})

test("the AI SDK's own validate is asked, and what it makes of the input is what the tool gets", async () => {
  const even = async ({ n }: { n: number }) =>
    n % 2 === 0 ? { success: true, value: { n: n / 2 } } : { success: false, error: new Error("n is odd") }
  const schema = sdk({ type: "object", properties: { n: { type: "number" } } }, even)
  expect((await call(schema, { n: 4 })).text).toBe('{"input":{"n":2}}')
  expect(await call(schema, { n: 3 })).toEqual({ isError: true, text: "error: invalid input: n is odd" })
})

test("a schema is read once", () => {
  let reads = 0
  const schema = () => {
    reads++
    return cityField
  }
  const first = readToolSchema("t", toolOf(schema))
  expect(toolSchemaProblem(toolOf(schema))).toBeUndefined()
  expect(readToolSchema("t", toolOf(schema))).toBe(first)
  expect(reads).toBe(1)
})

test("plain JSON Schema is left as it was, frozen or not, and without fields it has both that servers want", () => {
  const schema = Object.freeze({
    type: "object",
    properties: Object.freeze({ a: { $ref: "#/$defs/A" } }),
    $defs: { A: {} },
  })
  readToolSchema("t", toolOf(schema))
  expect(readToolSchema("t", toolOf({} as ToolSchema))).toEqual({ type: "object", properties: {} })
})

test("what plain JSON Schema refuses is said by field", async () => {
  const schema = {
    type: "object",
    properties: { to: { type: "array", items: { type: "string", minLength: 2 } }, unit: { enum: ["C", "F"] } },
    required: ["unit", "to"],
    additionalProperties: false,
  }
  expect((await call(schema, { to: ["", "ab"], uni: "C" })).text).toBe(
    'error: invalid input: "unit" is missing; to.0: String is too short (0 < 2).; "uni" is unknown',
  )
})

describe("a schema that cannot be used is said when the plugin is loaded, by plugin and tool", () => {
  it.each<[string, unknown, string]>([
    ["none", undefined, '"inputSchema"'],
    ["a text", z.string(), 'describes "string"'],
    ["zod 3 without its converter", z3.object({ city: z3.string() }), "npm i zod-to-json-schema"],
    ["an unknown library", { "~standard": { version: 1, vendor: "odd", validate: () => ({ value: 1 }) } }, '"odd"'],
    ["fields without their object", { city: z.string() }, "z.object({ … })"],
    ["a class", new (class Schema {})(), "of no kind that is known"],
    ["an unknown type", { type: "object", properties: { a: { type: "strnig" } } }, 'there is no type "strnig"'],
    [
      "a reference to nothing",
      { type: "object", properties: { a: { $ref: "#/$defs/A" } } },
      '"#/$defs/A", which is not',
    ],
    ["a broken pattern", { type: "object", properties: { a: { pattern: "(" } } }, "no regular expression"],
    [
      "a function that throws",
      () => {
        throw new Error("no file")
      },
      "could not be loaded: no file",
    ],
  ])("%s", (_name, inputSchema, message) => {
    const tool = { description: "", inputSchema, execute: () => "" } as GivenTool
    const plugin = definePlugin({
      meta: { name: "weather", version: "1.0.0", apiVersion: 1 },
      tools: { forecast: tool },
    })
    const { broken } = createRegistry([{ origin: "./weather.ts", plugin }])
    expect(broken[0]?.message).toContain('./weather.ts is not a usable plugin: of its tool "forecast", ')
    expect(broken[0]?.message).toContain(message)
  })
})

test("a promise that fails is told by the tool's name, and ends nothing else", async () => {
  const tool = toolOf(sdk(Promise.reject(new Error("no such file"))))
  expect(() => readToolSchema("forecast", tool)).toThrow('Of the tool "forecast", the input schema is loaded later')
  await expect(loadToolSchema("forecast", tool)).rejects.toThrow("could not be loaded: no such file")
  expect(await call(tool.inputSchema, {})).toMatchObject({ isError: true })
})

test("a pattern that only the older syntax can read is the tool's own matter", async () => {
  const schema = { type: "object", properties: { a: { type: "string", pattern: "^[\\w-.]+$" } } }
  expect(await call(schema, { a: "x y" })).toMatchObject({ isError: false })
})
