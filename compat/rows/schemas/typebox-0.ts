import { Type } from "@sinclair/typebox"
import { defineTool } from "@swirl-ts/core"
import type { Row } from "../../row.ts"
import { checkSchema } from "../../schema-checks.ts"

const inputSchema = Type.Object({ city: Type.String(), days: Type.Optional(Type.Integer()) })
const weather = defineTool({
  description: "The weather.",
  inputSchema,
  execute: ({ city, days }) => `${city.trim()} for ${days?.toFixed()}`,
})
// @ts-expect-error no such field
defineTool({ description: "The weather.", inputSchema, execute: ({ cty }) => cty })

export default { library: "TypeBox 0", package: "@sinclair/typebox", calls: () => checkSchema(weather) } satisfies Row
