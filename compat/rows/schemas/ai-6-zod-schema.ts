import { defineTool } from "@swirl-ts/core"
import { zodSchema } from "ai-6"
import { z } from "zod"
import type { Row } from "../../row.ts"
import { checkSchema } from "../../schema-checks.ts"

const inputSchema = zodSchema(z.object({ city: z.string(), days: z.int().optional() }))
const weather = defineTool({
  description: "The weather.",
  inputSchema,
  execute: ({ city, days }) => `${city.trim()} for ${days?.toFixed()}`,
})
// @ts-expect-error no such field
defineTool({ description: "The weather.", inputSchema, execute: ({ cty }) => cty })

export default { library: "zodSchema() of AI SDK 6", package: "ai-6", calls: () => checkSchema(weather) } satisfies Row
