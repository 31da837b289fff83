/** A JSON Schema's type as a model reads it, in the notation of TypeScript: `"km" | "mi"`, `{ title: string, year?: integer }[]`. */
import { alternatives, inputFields, isRecord, type SchemaPart } from "./input-fields.ts"

/** Objects inside objects inside objects are called objects. */
const deepest = 3

export function typeText(schema: unknown, root: unknown, depth = 0): string {
  const types = alternatives(schema, root).map((each) => oneType(each, root, depth))
  return [...new Set(types)].join(" | ")
}

function oneType(schema: SchemaPart, root: unknown, depth: number): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (Array.isArray(schema.enum)) return schema.enum.map((value) => JSON.stringify(value)).join(" | ")
  const { type, format, items, prefixItems } = schema
  if (type === "string") return typeof format === "string" ? `string (${format})` : type
  if (type === "object" || schema.properties) return objectType(schema, root, depth)
  if (type !== "array") return typeof type === "string" ? type : "anything"
  if (depth >= deepest) return "array"
  if (Array.isArray(prefixItems)) return `[${prefixItems.map((each) => typeText(each, root, depth + 1)).join(", ")}]`
  if (!isRecord(items)) return "array"
  const item = typeText(items, root, depth + 1)
  return item.includes(" | ") && !item.endsWith("}") ? `(${item})[]` : `${item}[]`
}

function objectType(schema: SchemaPart, root: unknown, depth: number): string {
  if (depth >= deepest) return "object"
  const { properties, required, additionalProperties } = schema
  const fields = inputFields({ properties, required }).map(
    (field) => `${field.name}${field.required ? "" : "?"}: ${typeText(field.schema, root, depth + 1)}`,
  )
  if (fields.length > 0) return `{ ${fields.join(", ")} }`
  return isRecord(additionalProperties) ? `{ [name]: ${typeText(additionalProperties, root, depth + 1)} }` : "object"
}
