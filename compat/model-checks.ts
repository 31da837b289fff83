/** What holds for a model object of any AI SDK version: our prompts go in whole, and what it says is read. */
import { strict as assert } from "node:assert"
import { defineTool, type Host, type ModelProvider } from "@swirl-ts/core"
import { z } from "zod"
import { calling, chatServer } from "./server.ts"
import { ask } from "./trajectory.ts"

const weather = defineTool({
  description: "The weather of a city.",
  inputSchema: z.object({ city: z.string() }),
  execute: ({ city }) => `${city}: sunny`,
})
const host: Host = { cacheDirectory: ".", workingDirectory: ".", environment: {}, log: () => {} }

export async function checkModel(providerAt: (baseURL: string) => ModelProvider): Promise<void> {
  const { baseURL, requests, close } = await chatServer(429, calling("weather", { city: "Rome" }), { content: "sunny" })
  const { model } = await providerAt(baseURL).open("m", {}, host)
  const trajectory = await ask(model, { weather })
  close()
  assert.equal(trajectory.status, "answered", trajectory.error)
  assert.equal(trajectory.answer, "sunny")
  assert.deepEqual(trajectory.usage, { inputTokens: 62, outputTokens: 14 })
  const [step] = trajectory.steps
  // As it is written to a record: what is undefined is not there.
  assert.deepEqual(JSON.parse(JSON.stringify(step?.call)), { tool: "weather", input: { city: "Rome" }, query: "Rome" })
  assert.equal(step?.text, "")
  assert.equal(step?.finishReason, "stop")
  assert.equal(step?.observation?.text, "Rome: sunny")
  assert.equal(requests.length, 3)
  const [first, , last] = requests
  assert.equal(first?.model, "m")
  assert.equal(first?.tools?.[0]?.function.description, "The weather of a city.")
  assert.ok(first?.max_tokens !== undefined && first.temperature !== undefined)
  assert.deepEqual(
    last?.messages.map(({ role }) => role),
    ["system", "user", "assistant", "tool"],
  )
  assert.equal(last?.messages[1]?.content, "What is the weather?")
  assert.deepEqual(JSON.parse(String(last?.messages[2]?.tool_calls?.[0]?.function.arguments)), { city: "Rome" })
  assert.equal(last?.messages[3]?.content, "Rome: sunny")
  assert.equal(last?.messages[3]?.tool_call_id, last?.messages[2]?.tool_calls?.[0]?.id)
}
