/** An input of the form that a schema asks for, to show how a call looks; its values mean nothing. */
import { alternatives, inputFields, isRecord, type SchemaPart } from "./input-fields.ts"

const deepest = 5

/** The fields that have to be there, and those in `also`; of the first alternative where there are several. */
export function sampleInput(inputSchema: unknown, also: readonly string[] = []): Record<string, unknown> {
  const [shape] = alternatives(inputSchema, inputSchema)
  const shown = inputFields({ ...shape }).filter(({ name, required }) => required || also.includes(name))
  return Object.fromEntries(shown.map(({ name, schema }) => [name, sampleValue(schema, inputSchema)]))
}

function sampleValue(schema: unknown, root: unknown, depth = 0): unknown {
  const each = alternatives(schema, root)
  return oneValue(each.find(({ type }) => type !== "null") ?? each[0] ?? {}, root, depth)
}

function oneValue(schema: SchemaPart, root: unknown, depth: number): unknown {
  const { type, const: only, enum: values, default: usual, examples, items, prefixItems, properties, required } = schema
  if (only !== undefined) return only
  if (Array.isArray(values) && values.length > 0) return values[0]
  if (Array.isArray(examples) && examples.length > 0) return examples[0]
  if (usual !== undefined) return usual
  if (type === "number" || type === "integer") return 1
  if (type === "boolean") return true
  if (type === "null") return null
  if (type === "array" && depth < deepest) {
    const shown = Array.isArray(prefixItems) ? prefixItems : isRecord(items) ? [items] : []
    return shown.map((item) => sampleValue(item, root, depth + 1))
  }
  if (type === "object" || properties) {
    const fields = depth < deepest ? inputFields({ properties, required }).filter((field) => field.required) : []
    return Object.fromEntries(fields.map((field) => [field.name, sampleValue(field.schema, root, depth + 1)]))
  }
  return type === "array" ? [] : "…"
}
