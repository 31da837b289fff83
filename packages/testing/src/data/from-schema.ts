/**
 * Values made from a JSON Schema, always the same ones: what it gives as example, default or first choice, else something
 * small of the right type. Not every schema can be met so (a pattern cannot); whoever uses them asks the tool first.
 */
import { alternatives, inputFields, type SchemaPart } from "@swirl-ts/core"
import { isObject } from "@swirl-ts/kit"

/** One of the alternatives that a schema has, references and `allOf` resolved. */
type Schema = SchemaPart & Readonly<Record<string, unknown>>

/** Deeper, what need not be there is left out, and of alternatives one without parts is taken. */
const deep = 6
/** Deeper, nothing is made: such a schema asks for itself without end. */
const deepest = 12

/** One value with the fields that are required, and one with all of them where that is another. */
export function valuesFromSchema(schema: object): unknown[] {
  const least = sample(schema, { root: schema, all: false, depth: 0 })
  const most = sample(schema, { root: schema, all: true, depth: 0 })
  return JSON.stringify(least) === JSON.stringify(most) ? [least] : [least, most]
}

interface Walk {
  root: object
  /** Optional fields, too. */
  all: boolean
  depth: number
}

function sample(given: unknown, walk: Walk): unknown {
  if (walk.depth > deepest) return null
  const each = alternatives(given, walk.root)
  const schema: Schema = { ...((walk.depth < deep ? undefined : each.find((one) => !hasParts(one))) ?? each[0]) }
  const inner = { ...walk, depth: walk.depth + 1 }
  if (Array.isArray(schema.examples) && schema.examples.length > 0) return schema.examples[0]
  if ("default" in schema) return schema.default
  if ("const" in schema) return schema.const
  if (Array.isArray(schema.enum)) return schema.enum[0]
  if (isObjectSchema(schema)) return objectOf(schema, inner)
  if (schema.type === "array") return arrayOf(schema, inner)
  if (schema.type === "integer" || schema.type === "number") return numberOf(schema, schema.type === "integer")
  if (schema.type === "boolean") return true
  if (schema.type === "null") return null
  return textOf(schema)
}

const isObjectSchema = ({ type, properties }: SchemaPart): boolean =>
  type === "object" || (type === undefined && isObject(properties))

const hasParts = (schema: SchemaPart): boolean => isObjectSchema(schema) || schema.type === "array"

function objectOf({ properties, required }: SchemaPart, walk: Walk): Record<string, unknown> {
  const wanted = inputFields({ properties, required }).filter(
    (field) => field.required || (walk.all && walk.depth < deep),
  )
  return Object.fromEntries(wanted.map(({ name, schema }) => [name, sample(schema, walk)]))
}

function arrayOf({ items, prefixItems, minItems = 0 }: Schema, walk: Walk): unknown[] {
  const first = Array.isArray(prefixItems) ? prefixItems.map((item) => sample(item, walk)) : []
  const length = Math.max(Number(minItems), walk.all && walk.depth < deep ? 1 : 0)
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
