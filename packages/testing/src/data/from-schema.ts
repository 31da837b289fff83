/**
 * Values made from a JSON Schema, always the same ones: what it gives as example, default or first choice, else something
 * small of the right type. Not every schema can be met so (a pattern cannot); whoever uses them asks the tool first.
 */
import { isObject } from "@swirl-ts/kit"

type Schema = Readonly<Record<string, unknown>>

/** One value with the fields that are required, and one with all of them where that is another. */
export function valuesFromSchema(schema: object): unknown[] {
  const root = schema as Schema
  const least = sample(root, { root, all: false, depth: 0 })
  const most = sample(root, { root, all: true, depth: 0 })
  return JSON.stringify(least) === JSON.stringify(most) ? [least] : [least, most]
}

interface Walk {
  root: Schema
  /** Optional fields, too. */
  all: boolean
  depth: number
}

function sample(schema: Schema, walk: Walk): unknown {
  const inner = { ...walk, depth: walk.depth + 1 }
  if (typeof schema.$ref === "string") return sample(referred(schema.$ref, walk.root), inner)
  if (Array.isArray(schema.examples) && schema.examples.length > 0) return schema.examples[0]
  if ("default" in schema) return schema.default
  if ("const" in schema) return schema.const
  if (Array.isArray(schema.enum)) return schema.enum[0]
  const choice = [schema.anyOf, schema.oneOf, schema.allOf].find((each): each is Schema[] => Array.isArray(each))
  if (choice?.[0]) return sample(schema.allOf ? merged(schema, choice) : choice[0], inner)
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type
  if (type === "object" || (type === undefined && isObject(schema.properties))) return objectOf(schema, inner)
  if (type === "array") return arrayOf(schema, inner)
  if (type === "integer" || type === "number") return numberOf(schema, type === "integer")
  if (type === "boolean") return true
  if (type === "null") return null
  return textOf(schema)
}

function referred(reference: string, root: Schema): Schema {
  const path = reference.replace(/^#\/?/, "").split("/").filter(Boolean)
  const found = path.reduce<unknown>((part, key) => (isObject(part) ? part[key] : undefined), root)
  return isObject(found) ? found : {}
}

/** One object schema of all that have to hold. */
function merged({ allOf: _, ...schema }: Schema, parts: readonly Schema[]): Schema {
  const all = [schema, ...parts]
  return {
    ...Object.assign({}, ...all),
    properties: Object.assign({}, ...all.map(({ properties }) => properties)),
    required: all.flatMap(({ required }) => (required as string[] | undefined) ?? []),
  }
}

function objectOf(schema: Schema, walk: Walk): Record<string, unknown> {
  const required = new Set((schema.required as string[] | undefined) ?? [])
  const fields = Object.entries((schema.properties as Record<string, Schema> | undefined) ?? {})
  const wanted = fields.filter(([name]) => required.has(name) || (walk.all && walk.depth < 6))
  return Object.fromEntries(wanted.map(([name, field]) => [name, sample(field, walk)]))
}

function arrayOf(schema: Schema, walk: Walk): unknown[] {
  const { items, prefixItems, minItems = 0 } = schema as { items?: Schema; prefixItems?: Schema[]; minItems?: number }
  const first = (prefixItems ?? []).map((item) => sample(item, walk))
  const length = Math.max(minItems, walk.all && walk.depth < 6 ? 1 : 0)
  while (first.length < length) first.push(sample(isObject(items) ? items : {}, walk))
  return first
}

function numberOf(schema: Schema, whole: boolean): number {
  const bound = (name: string): number | undefined => (typeof schema[name] === "number" ? schema[name] : undefined)
  const step = bound("multipleOf") ?? (whole ? 1 : undefined)
  const above = bound("exclusiveMinimum")
  const below = bound("exclusiveMaximum")
  const least = bound("minimum") ?? (above === undefined ? undefined : above + (step ?? 0.5))
  const most = bound("maximum") ?? (below === undefined ? undefined : below - (step ?? 0.5))
  const value = Math.min(Math.max(1, least ?? 1), most ?? Number.POSITIVE_INFINITY)
  return step ? Math.ceil(value / step) * step : value
}

const formats: Readonly<Record<string, string>> = {
  date: "2020-02-29",
  "date-time": "2020-02-29T12:00:00Z",
  time: "12:00:00Z",
  email: "ann@example.org",
  uri: "https://example.org/",
  url: "https://example.org/",
  uuid: "123e4567-e89b-42d3-a456-426614174000",
  hostname: "example.org",
  ipv4: "192.0.2.1",
}

function textOf({ format, minLength = 0, maxLength = Number.POSITIVE_INFINITY }: Schema): string {
  const text = formats[String(format)] ?? "text"
  return text.padEnd(Number(minLength), " text").slice(0, Number(maxLength))
}
