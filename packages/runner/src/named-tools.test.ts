import { createRegistry, definePlugin, type Tool } from "@swirl-ts/core"
import { expect, it } from "vitest"
import { z } from "zod"
import { benchmark, calculator } from "../test/sums.ts"
import { benchmarkTools, namedTools } from "./named-tools.ts"

it("shows a zod input as JSON Schema, as it is before defaults are filled in", () => {
  const tool: Tool = { ...calculator, inputSchema: z.object({ query: z.string(), count: z.number().default(1) }) }
  expect(namedTools({ search: tool })[0]!.inputSchema).toMatchObject({ type: "object", required: ["query"] })
})

it("passes the AI SDK's jsonSchema objects through", () => {
  const jsonSchema = { type: "object", properties: { q: { type: "string" } } }
  const { tag: _tag, ...tool } = calculator
  const [named] = namedTools({ search: { ...tool, inputSchema: { jsonSchema } } as Tool })
  expect(named).toMatchObject({ inputSchema: jsonSchema, tag: { name: "search", argument: "q" } })
})

it("takes the only required field for the tag where there are several", () => {
  const { tag: _tag, ...tool } = calculator
  const inputSchema = z.object({ query: z.string(), count: z.number().optional() })
  expect(namedTools({ search: { ...tool, inputSchema } as Tool })[0]!.tag).toEqual({
    name: "search",
    argument: "query",
  })
})

it("asks for a schema that can be shown, by the tool's name", () => {
  const { tag: _tag, ...tool } = calculator
  const inputSchema = {
    "~standard": { version: 1 as const, vendor: "other", validate: (value: unknown) => ({ value }) },
  }
  expect(() => namedTools({ strange: { ...tool, inputSchema } as Tool })).toThrow('"strange"')
})

it("finds the tools a benchmark asks for in the registry", () => {
  const plugin = definePlugin({
    meta: { name: "tools-calculator", version: "1.0.0", apiVersion: 1 },
    tools: { calculator },
  })
  const registry = createRegistry([plugin])
  expect(benchmarkTools(registry, benchmark)).toEqual({ calculator })
  expect(benchmarkTools(registry, { tools: [{ name: "tools-calculator/calculator" }] })).toEqual({ calculator })
  expect(() => benchmarkTools(registry, { tools: [{ name: "calculater" }] })).toThrow('Did you mean "calculator"')
})
