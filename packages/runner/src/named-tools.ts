/** Tools as action formats name them. */
import {
  askedTools,
  type Benchmark,
  hasToolSchema,
  loadToolSchema,
  type NamedTool,
  type Registry,
  readToolSchema,
  type Tool,
  textArgument,
  workAs,
} from "@swirl-ts/core"
import { inTime } from "@swirl-ts/kit"

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
  for (const [name, tool] of Object.entries(tools)) {
    if (hasToolSchema(tool)) continue
    await inTime(() => workAs(`the input schema of the tool ${name}`, () => loadToolSchema(name, tool)), {
      milliseconds: 60_000,
      late: `Of the tool "${name}", the input schema was not there within 60 s`,
    })
  }
}
