/** Tools as action formats name them. */
import {
  askedTools,
  type Benchmark,
  loadToolSchema,
  type NamedTool,
  type Registry,
  readToolSchema,
  type Tool,
  textArgument,
} from "@swirl-ts/core"

/** Tools by the name the model sees. */
export type Tools = Readonly<Record<string, Tool>>

export function namedTools(tools: Tools): NamedTool[] {
  return Object.entries(tools).map(([name, tool]) => {
    const inputSchema = readToolSchema(name, tool)
    const tag = tool.tag ?? { name, argument: textArgument(inputSchema) }
    return { name, tag, description: tool.description, inputSchema }
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
