/** Tools that a log says were offered: OpenAI's `{ type, function }`, or name, description and schema as they stand alone. */
import type { FunctionTool } from "@swirl-ts/core"
import { isObject } from "@swirl-ts/kit"
import { fieldsOf, objectsOf, textOf } from "./fields.ts"

/** What has no name is left out. */
export function functionTools(value: unknown): FunctionTool[] {
  return objectsOf(value).flatMap((given) => {
    const tool = isObject(given.function) ? given.function : given
    const name = textOf(tool.name)
    if (name === undefined || name === "") return []
    const schema = [tool.parameters, tool.inputSchema, tool.input_schema].find(isObject) ?? { type: "object" }
    const inner = fieldsOf(schema).jsonSchema
    return [
      {
        type: "function" as const,
        name,
        description: textOf(tool.description) ?? "",
        inputSchema: isObject(inner) ? inner : schema,
      },
    ]
  })
}

/** Of two that have one name the last goes: a definition may be mended on the way. */
export const distinctTools = (tools: readonly FunctionTool[]): FunctionTool[] => [
  ...new Map(tools.map((tool) => [tool.name, tool])).values(),
]
