import { expect, test } from "vitest"
import { z } from "zod"
import { z as z3 } from "zod/v3"
import { fromLangchain } from "./langchain-tool.ts"
import { callTool } from "./tool.ts"
import { readToolSchema } from "./tool-schema.ts"

/** What LangChain's own tools have; the real ones are called by `npm run compat`. */
const langchain = (schema: unknown, invoke: (input: never, config?: { signal?: AbortSignal }) => Promise<unknown>) =>
  fromLangchain({ name: "weather", description: "The weather.", schema, invoke })
const options = { toolCallId: "1", messages: [] }

test("the schema is shown and checked, and LangChain gets what the model sent, since it converts by itself", async () => {
  const tool = langchain(z.object({ days: z.string().transform(Number) }), async (input) => JSON.stringify(input))
  expect(tool.description).toBe("The weather.")
  expect(readToolSchema("weather", tool)).toMatchObject({ properties: { days: { type: "string" } } })
  expect(await callTool(tool, { days: "7" }, options)).toEqual({ text: '{"days":"7"}', isError: false })
  expect(await callTool(tool, { days: 7 }, options)).toMatchObject({ isError: true })
})

test("a tool of one text has it in the field input", async () => {
  const unwrapping = z3.object({ input: z3.string().optional() }).transform(({ input }) => input)
  const tool = langchain(unwrapping, async (input: string) => input.toUpperCase())
  expect(readToolSchema("weather", tool)).toMatchObject({ properties: { input: { type: "string" } } })
  expect((await callTool(tool, { input: "rome" }, options)).text).toBe("ROME")
})

test("the abort signal comes as LangChain calls it", async () => {
  const { signal } = new AbortController()
  const tool = langchain(z.object({}), async (_input, config) => String(config?.signal === signal))
  expect((await callTool(tool, {}, { ...options, abortSignal: signal })).text).toBe("true")
})

test("messages and blocks are what they hold; a message of an error is one", async () => {
  const returning = (result: unknown) =>
    callTool(
      langchain(z.object({}), async () => result),
      {},
      options,
    )
  const message = { lc_direct_tool_output: true, content: "no such city", status: "error" }
  expect(await returning(message)).toMatchObject({ text: "no such city", isError: true })
  const blocks = [
    { type: "text", text: "sunny" },
    { type: "text", text: "warm" },
  ]
  expect(await returning({ ...message, content: blocks, status: "success" })).toMatchObject({ text: "sunny\nwarm" })
  expect(await returning([1, 2])).toMatchObject({ text: "[1,2]" })
})
