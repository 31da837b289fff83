import { strict as assert } from "node:assert"
import { definePlugin, defineTool } from "@swirl-ts/core"
import { dynamicTool, generateText, isStepCount, jsonSchema, tool, zodSchema } from "ai-7"
import { createAnthropic } from "anthropic-7"
import { createOpenAICompatible } from "openai-compatible-7"
import { z } from "zod"
import type { Row } from "../../row.ts"
import { calling, chatServer } from "../../server.ts"
import { observations } from "../../trajectory.ts"

const inputSchema = z.object({ city: z.string() })
const description = "The weather of a city."
const valid = (value: unknown): value is { n: number } => typeof (value as { n?: unknown }).n === "number"

const tools = {
  plain: tool({ description, inputSchema, execute: async ({ city }) => `${city}: sunny` }),
  described: tool({
    description,
    inputSchema: zodSchema(inputSchema),
    execute: ({ city }) => ({ city, secret: 1 }),
    toModelOutput: ({ output }) => ({ type: "text", value: `in ${output.city}` }),
  }),
  streaming: tool({
    description,
    inputSchema,
    async *execute({ city }) {
      yield { city, status: "loading" }
      yield { city, status: "sunny" }
    },
  }),
  dynamic: dynamicTool({ description, inputSchema, execute: async (input) => input }),
  checked: tool({
    description,
    inputSchema: jsonSchema<{ n: number }>(
      { type: "object", properties: { n: { type: "number" } } },
      {
        validate: (value) =>
          valid(value) ? { success: true, value: { n: 2 * value.n } } : { success: false, error: new Error("no n") },
      },
    ),
    execute: ({ n }) => n,
  }),
  promised: tool({
    description,
    inputSchema: jsonSchema<{ n: number }>(async () => ({
      type: "object",
      properties: { n: { type: "number" } },
      required: ["n"],
    })),
    execute: ({ n }) => n,
  }),
  lazy: tool({ description, inputSchema: () => zodSchema(inputSchema), execute: ({ city }) => city }),
  provided: createAnthropic({ apiKey: "none" }).tools.bash_20250124({
    execute: async ({ command }) => `ran ${command}`,
  }),
}
definePlugin({ meta: { name: "foreign", version: "1.0.0", apiVersion: 1 }, tools })

const ours = defineTool({ description, inputSchema, execute: ({ city }) => `${city}: sunny` })

async function calls(): Promise<void> {
  const said = async (name: keyof typeof tools, ...inputs: object[]) =>
    (await observations(tools, name, inputs)).map((seen) => [seen?.isError, seen?.text])
  assert.deepEqual(await said("plain", { city: "Rome" }), [[false, "Rome: sunny"]])
  assert.equal((await said("plain", { city: 7 }))[0]?.[0], true)
  assert.deepEqual(await said("described", { city: "Rome" }), [[false, "in Rome"]])
  assert.match(String((await said("described", { city: 7 }))[0]?.[1]), /invalid input: city/)
  assert.deepEqual(await said("streaming", { city: "Rome" }), [[false, '{"city":"Rome","status":"sunny"}']])
  assert.deepEqual(await said("dynamic", { city: "Rome" }), [[false, '{"city":"Rome"}']])
  assert.deepEqual(await said("checked", { n: 2 }, {}), [
    [false, "4"],
    [true, "error: invalid input: no n"],
  ])
  assert.deepEqual(await said("promised", { n: 2 }, {}), [
    [false, "2"],
    [true, 'error: invalid input: "n" is missing'],
  ])
  assert.equal((await said("lazy", { city: 7 }))[0]?.[0], true)
  assert.deepEqual(await said("provided", { command: "ls" }), [[false, "ran ls"]])

  // The other way: the AI SDK calls a tool of ours.
  const { baseURL, requests, close } = await chatServer(calling("ours", { city: "Rome" }), { content: "sunny" })
  const model = createOpenAICompatible({ name: "local", baseURL })("m")
  const { text } = await generateText({ model, prompt: "The weather?", tools: { ours }, stopWhen: isStepCount(2) })
  close()
  assert.equal(text, "sunny")
  assert.equal(requests[1]?.messages.at(-1)?.content, "Rome: sunny")
}

export default { library: "tools of AI SDK 7, and ours in it", package: "ai-7", calls } satisfies Row
