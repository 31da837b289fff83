/** Tools as action formats name them. */
import { askedTools, type Benchmark, type NamedTool, type Registry, SwirlError, type Tool } from "@swirl-ts/core"
import { z } from "zod"

/** Tools by the name the model sees. */
export type Tools = Readonly<Record<string, Tool>>

export function namedTools(tools: Tools): NamedTool[] {
  return Object.entries(tools).map(([name, tool]) => {
    const inputSchema = jsonSchema(name, tool)
    return { name, tag: tool.tag ?? defaultTag(name, inputSchema), description: tool.description, inputSchema }
  })
}

/** The tools a benchmark asks for, under their short names. */
export function benchmarkTools(registry: Registry, benchmark: Pick<Benchmark, "tools">): Record<string, Tool> {
  return Object.fromEntries(askedTools(registry, benchmark).map(({ name, value }) => [name, value]))
}

const schemas = new WeakMap<object, object>()

function jsonSchema(name: string, tool: Tool): object {
  const known = schemas.get(tool.inputSchema)
  if (known) return known
  const schema = readSchema(name, tool)
  schemas.set(tool.inputSchema, schema)
  return schema
}

function readSchema(name: string, { inputSchema, tag }: Tool): object {
  if ("jsonSchema" in inputSchema && typeof inputSchema.jsonSchema === "object" && inputSchema.jsonSchema !== null) {
    if ("then" in inputSchema.jsonSchema) {
      throw new SwirlError(`The tool "${name}" loads its schema later; give it one that is there at once.`)
    }
    return inputSchema.jsonSchema
  }
  if ("_zod" in inputSchema) {
    return z.toJSONSchema(inputSchema as unknown as z.ZodType, { io: "input", unrepresentable: "any" })
  }
  const standard = (inputSchema as { "~standard"?: { jsonSchema?: { input?: unknown } } })["~standard"]
  if (typeof standard?.jsonSchema?.input === "function") {
    return standard.jsonSchema.input({ target: "draft-2020-12" }) as object
  }
  if (tag) return { type: "object", properties: { [tag.argument]: { type: "string" } }, required: [tag.argument] }
  throw new SwirlError(
    `The input schema of the tool "${name}" cannot be shown as JSON Schema; use zod 4, or jsonSchema() of the AI SDK.`,
  )
}

function defaultTag(name: string, schema: object): { name: string; argument: string } {
  const { properties = {}, required = [] } = schema as { properties?: object; required?: string[] }
  const fields = Object.keys(properties)
  const argument = fields.length === 1 ? fields[0] : required.length === 1 ? required[0] : undefined
  return { name, argument: argument ?? "input" }
}
