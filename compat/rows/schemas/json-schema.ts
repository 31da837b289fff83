import { defineTool } from "@swirl-ts/core"
import type { Row } from "../../row.ts"
import { checkSchema } from "../../schema-checks.ts"

const weather = defineTool({
  description: "The weather.",
  inputSchema: {
    type: "object",
    properties: { city: { type: "string" }, days: { type: "integer" } },
    required: ["city"],
    additionalProperties: false,
  },
  execute: ({ city, days }) => `${city} for ${days}`,
})
// @ts-expect-error fields without their schema
defineTool({ description: "The weather.", inputSchema: { city: { type: "string" } }, execute: () => "" })

export default {
  library: "plain JSON Schema",
  package: "@cfworker/json-schema",
  calls: () => checkSchema(weather),
} satisfies Row
