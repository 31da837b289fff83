import { defineTool } from "@swirl-ts/core"
import { z } from "zod-3"
import type { Row } from "../../row.ts"
import { checkSchema } from "../../schema-checks.ts"

const inputSchema = z.object({ city: z.string(), days: z.number().int().optional() })
const weather = defineTool({
  description: "The weather.",
  inputSchema,
  execute: ({ city, days }) => `${city.trim()} for ${days?.toFixed()}`,
})
// @ts-expect-error no such field
defineTool({ description: "The weather.", inputSchema, execute: ({ cty }) => cty })

export default {
  library: "zod 3, with zod-to-json-schema",
  package: "zod-3",
  calls: () => checkSchema(weather),
} satisfies Row
