import { defineTool } from "@swirl-ts/core"
import { type } from "arktype"
import type { Row } from "../../row.ts"
import { checkSchema } from "../../schema-checks.ts"

const inputSchema = type({ city: "string", "days?": "number.integer" })
const weather = defineTool({
  description: "The weather.",
  inputSchema,
  execute: ({ city, days }) => `${city.trim()} for ${days?.toFixed()}`,
})
// @ts-expect-error no such field
defineTool({ description: "The weather.", inputSchema, execute: ({ cty }) => cty })

export default { library: "ArkType", package: "arktype", calls: () => checkSchema(weather) } satisfies Row
