import { strict as assert } from "node:assert"
import { ToolMessage } from "@langchain/core/messages"
import { DynamicTool, StructuredTool, tool } from "@langchain/core/tools"
import { definePlugin, fromLangchain } from "@swirl-ts/core"
import { z } from "zod"
import type { Row } from "../../row.ts"
import { observations } from "../../trajectory.ts"

const schema = z.object({ city: z.string() })
const weather = tool(async ({ city }) => `${city}: sunny`, { name: "weather", description: "The weather.", schema })
const upper = new DynamicTool({ name: "upper", description: "Louder.", func: async (text) => text.toUpperCase() })
const days = tool(async (input) => [[{ type: "text", text: JSON.stringify(input) }], { raw: 1 }], {
  name: "days",
  description: "The days.",
  schema: { type: "object", properties: { count: { type: "number" } }, required: ["count"] } as const,
  responseFormat: "content_and_artifact",
})
class Lost extends StructuredTool {
  name = "lost"
  description = "Finds nothing."
  schema = schema
  protected async _call({ city }: z.output<typeof schema>) {
    return new ToolMessage({ content: `no ${city}`, status: "error", tool_call_id: "1" })
  }
}

const tools = {
  weather: fromLangchain(weather),
  upper: fromLangchain(upper),
  days: fromLangchain(days),
  lost: fromLangchain(new Lost()),
}
definePlugin({ meta: { name: "foreign", version: "1.0.0", apiVersion: 1 }, tools })

export default {
  library: "LangChain tools, by fromLangchain",
  package: "@langchain/core",
  calls: async () => {
    const [rome, number] = await observations(tools, "weather", [{ city: "Rome" }, { city: 7 }])
    assert.equal(rome?.text, "Rome: sunny")
    assert.match(String(number?.text), /^error: invalid input: city/)
    const [loud] = await observations(tools, "upper", [{ input: "rome" }])
    assert.equal(loud?.text, "ROME")
    const [counted] = await observations(tools, "days", [{ count: 3 }])
    assert.equal(counted?.text, '{"count":3}')
    const [none] = await observations(tools, "lost", [{ city: "Rome" }])
    assert.deepEqual([none?.isError, none?.text], [true, "no Rome"])
  },
} satisfies Row
