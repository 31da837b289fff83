import { defineTool } from "@swirl-ts/core"
import { jsonSchema } from "ai-7"
import type { Row } from "../../row.ts"
import { checkSchema } from "../../schema-checks.ts"

const inputSchema = jsonSchema<{ city: string; days?: number }>({
  type: "object",
  properties: { city: { type: "string" }, days: { type: "integer" } },
  required: ["city"],
})
const weather = defineTool({
  description: "The weather.",
  inputSchema,
  execute: ({ city, days }) => `${city.trim()} for ${days?.toFixed()}`,
})
// @ts-expect-error no such field
defineTool({ description: "The weather.", inputSchema, execute: ({ cty }) => cty })

export default { library: "jsonSchema() of AI SDK 7", package: "ai-7", calls: () => checkSchema(weather) } satisfies Row
