import { defineTool } from "@swirl-ts/core"
import { type Static, Type } from "typebox"
import type { Row } from "../../row.ts"
import { checkSchema } from "../../schema-checks.ts"

const inputSchema = Type.Object({ city: Type.String(), days: Type.Optional(Type.Integer()) })
// TypeBox 1 says a schema's type only by its own `Static`.
const weather = defineTool({
  description: "The weather.",
  inputSchema,
  execute: ({ city, days }: Static<typeof inputSchema>) => `${city.trim()} for ${days?.toFixed()}`,
})

export default { library: "TypeBox 1", package: "typebox", calls: () => checkSchema(weather) } satisfies Row
