/** Tools as action formats name them. */
import {
  askedTools,
  type Benchmark,
  loadToolSchema,
  type NamedTool,
  type Registry,
  readToolSchema,
  type Tool,
} from "@swirl-ts/core"

/** Tools by the name the model sees. */
export type Tools = Readonly<Record<string, Tool>>

export function namedTools(tools: Tools): NamedTool[] {
  return Object.entries(tools).map(([name, tool]) => {
    const inputSchema = readToolSchema(name, tool)
    return { name, tag: tool.tag ?? defaultTag(name, inputSchema), description: tool.description, inputSchema }
  })
}

/** The tools a benchmark asks for, under their short names. */
export function benchmarkTools(registry: Registry, benchmark: Pick<Benchmark, "tools">): Record<string, Tool> {
  return Object.fromEntries(askedTools(registry, benchmark).map(({ name, value }) => [name, value]))
}

/** So that `namedTools` finds also those schemas that are promised. */
export async function loadToolSchemas(tools: Tools): Promise<void> {
  for (const [name, tool] of Object.entries(tools)) await loadToolSchema(name, tool)
}

function defaultTag(name: string, schema: object): { name: string; argument: string } {
  const { properties = {}, required = [] } = schema as { properties?: object; required?: string[] }
  const fields = Object.keys(properties)
  const argument = fields.length === 1 ? fields[0] : required.length === 1 ? required[0] : undefined
  return { name, argument: argument ?? "input" }
}
