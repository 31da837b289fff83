import { defineTool } from "@swirl-ts/core"
import * as v from "valibot"
import type { Row } from "../../row.ts"
import { checkSchema } from "../../schema-checks.ts"

const inputSchema = v.object({ city: v.string(), days: v.optional(v.pipe(v.number(), v.integer())) })
const weather = defineTool({
  description: "The weather.",
  inputSchema,
  execute: ({ city, days }) => `${city.trim()} for ${days?.toFixed()}`,
})
// @ts-expect-error no such field
defineTool({ description: "The weather.", inputSchema, execute: ({ cty }) => cty })

export default {
  library: "Valibot, with @valibot/to-json-schema",
  package: "valibot",
  calls: () => checkSchema(weather),
} satisfies Row
