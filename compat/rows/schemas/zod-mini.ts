import { defineTool } from "@swirl-ts/core"
import * as z from "zod/mini"
import type { Row } from "../../row.ts"
import { checkSchema } from "../../schema-checks.ts"

const inputSchema = z.object({ city: z.string(), days: z.optional(z.int()) })
const weather = defineTool({
  description: "The weather.",
  inputSchema,
  execute: ({ city, days }) => `${city.trim()} for ${days?.toFixed()}`,
})
// @ts-expect-error no such field
defineTool({ description: "The weather.", inputSchema, execute: ({ cty }) => cty })

export default { library: "zod 4 mini", package: "zod", calls: () => checkSchema(weather) } satisfies Row
