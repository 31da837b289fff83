/** Tools of several shapes, as action formats are told of them, and calls of each. */
import { type NamedTool, textArgument } from "@swirl-ts/core"

const named = (name: string, properties: Record<string, object>, required = Object.keys(properties)): NamedTool => {
  const inputSchema = { type: "object", properties, required, additionalProperties: false }
  return { name, tag: { name, argument: textArgument(inputSchema) }, description: `Does ${name}.`, inputSchema }
}

const text = { type: "string" }
const number = { type: "number" }

export const sampleTools: readonly NamedTool[] = [
  named("lookup", { query: text }),
  named("square", { value: number }),
  named("switch", { on: { type: "boolean" } }),
  named("convert", { value: number, from: text, to: text }),
  named("list", { words: { type: "array", items: text }, at_most: { type: "integer" } }, ["words"]),
  named("place", { point: { type: "object", properties: { x: number, y: number }, required: ["x", "y"] } }),
  named("now", {}),
]

export const sampleCalls: readonly { tool: string; input: unknown }[] = [
  { tool: "lookup", input: { query: "who was born in Oslo" } },
  { tool: "lookup", input: { query: 'a "quoted" word, a \\ and {braces}' } },
  { tool: "lookup", input: { query: "42" } },
  { tool: "square", input: { value: -1.5 } },
  { tool: "switch", input: { on: false } },
  { tool: "convert", input: { value: 12, from: "mile", to: "km" } },
  { tool: "convert", input: { value: 0, from: "°C", to: "1 < 2 & 3 > 2" } },
  { tool: "list", input: { words: [] } },
  { tool: "list", input: { words: ["a", "b c", "漢字"], at_most: 2 } },
  { tool: "place", input: { point: { x: 1, y: -2 } } },
  { tool: "now", input: {} },
]
