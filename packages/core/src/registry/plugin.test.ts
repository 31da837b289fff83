import { expect, expectTypeOf, test } from "vitest"
import { z } from "zod"
import { defineTool } from "../contracts/tool.ts"
import { defineConfig } from "./config.ts"
import { createRegistry } from "./create-registry.ts"
import { definePlugin } from "./plugin.ts"

const meta = { name: "weather", version: "1.0.0", apiVersion: 1 } as const
const city = z.object({ city: z.string() })

test("names stay literal, and what stands in a config is checked against them", () => {
  const plugin = definePlugin({
    meta: { name: "weather", version: "1.0.0", apiVersion: 1 },
    filters: { warm: { description: "Warm.", needs: [], keep: () => true } },
  })
  expectTypeOf(plugin.meta.name).toEqualTypeOf<"weather">()
  defineConfig({ plugins: [plugin], defaults: { strategy: "weather/warm" } })
  // @ts-expect-error no such filter
  defineConfig({ plugins: [plugin], defaults: { strategy: "worm" } })
})

test("an unknown kind is a compile error", () => {
  // @ts-expect-error tolls is no kind
  const plugin = definePlugin({ meta, tolls: {} })
  expect(createRegistry([plugin]).broken[0]?.message).toContain('"tolls" is no kind of contribution')
})

test("a tool that stands in a plugin gets input and options; defineTool knows its fields", () => {
  const known = defineTool({
    description: "",
    inputSchema: city,
    execute: (input, { toolCallId }) => {
      expectTypeOf(input).toEqualTypeOf<{ city: string }>()
      return toolCallId
    },
  })
  // @ts-expect-error no such field
  defineTool({ description: "", inputSchema: city, execute: ({ cty }) => cty })
  // @ts-expect-error fields without their object
  defineTool({ description: "", inputSchema: { city: z.string() }, execute: () => "" })
  const plugin = definePlugin({
    meta,
    tools: {
      known,
      inline: {
        description: "",
        inputSchema: city,
        execute: ({ city }, { abortSignal }) => `${city.trim()} ${abortSignal?.aborted}`,
      },
      // As an AI SDK's type says it, which says the text of the description only when it is asked.
      asked: { description: () => "The weather.", inputSchema: city, execute: undefined as undefined | (() => string) },
    },
  })
  const [broken] = createRegistry([plugin]).broken
  expect(broken?.message).toContain('of its tool "asked", "execute" is missing')
})

test("a description that is made is a text from then on; one that cannot be made is told by plugin and tool", () => {
  const tool = (description: () => string) => ({ description, inputSchema: city, execute: () => "" })
  const made = definePlugin({ meta, tools: { weather: tool(() => "The weather.") } })
  expect(createRegistry([made]).resolve("tools", "weather").value.description).toBe("The weather.")
  const failing = tool(() => {
    throw new Error("no context")
  })
  const [broken] = createRegistry([definePlugin({ meta, tools: { weather: failing } })]).broken
  expect(broken?.message).toContain('of its tool "weather", its description could not be made: no context')
})
