/**
 * What of a tool's JSON Schema a call has to know: the fields of its input and what each of them may be.
 * References and `allOf` are resolved, alternatives kept; whatever stands in a schema, nothing here throws.
 */

/** What is read of a schema, and of every schema in it. */
export interface SchemaPart {
  $ref?: string
  type?: string | readonly string[]
  enum?: readonly unknown[]
  const?: unknown
  default?: unknown
  examples?: readonly unknown[]
  description?: string
  format?: string
  nullable?: boolean
  properties?: Readonly<Record<string, unknown>>
  required?: readonly string[]
  additionalProperties?: unknown
  items?: unknown
  prefixItems?: readonly unknown[]
  allOf?: readonly unknown[]
  anyOf?: readonly unknown[]
  oneOf?: readonly unknown[]
}

export interface InputField {
  name: string
  required: boolean
  schema: unknown
  description?: string
}

/** A chain of references that is longer leads in a circle. */
const longestChain = 20

/** The schema itself, what it refers to and what `allOf` adds laid over each other; `{}` allows anything. */
function resolved(schema: unknown, root: unknown, depth = 0): SchemaPart {
  if (!isRecord(schema) || depth > longestChain) return {}
  const { $ref, allOf, ...own } = schema as SchemaPart
  const others = [
    ...(typeof $ref === "string" ? [refersTo($ref, root)] : []),
    ...(Array.isArray(allOf) ? (allOf as unknown[]) : []),
  ].map((each) => resolved(each, root, depth + 1))
  return others.reduceRight<SchemaPart>(merged, own)
}

/** The alternatives of a schema (`anyOf`, `oneOf`, several types, nullable), each without alternatives; itself where it has none. */
export function alternatives(schema: unknown, root: unknown, depth = 0): SchemaPart[] {
  const { anyOf, oneOf, nullable, ...rest } = resolved(schema, root)
  const listed = (anyOf ?? oneOf) as unknown
  const nulls: SchemaPart[] = nullable === true ? [{ type: "null" }] : []
  if (Array.isArray(listed) && listed.length > 0 && depth < longestChain) {
    return [...listed.flatMap((each) => alternatives(merged(rest, resolved(each, root)), root, depth + 1)), ...nulls]
  }
  if (!Array.isArray(rest.type)) return [rest, ...nulls]
  return [...(rest.type as string[]).map((type) => ({ ...rest, type })), ...nulls]
}

/** Of every alternative: a field is required where all of them require it. */
export function inputFields(inputSchema: unknown): InputField[] {
  const shapes = alternatives(inputSchema, inputSchema)
  const names = new Set(shapes.flatMap(({ properties }) => (isRecord(properties) ? Object.keys(properties) : [])))
  return [...names].map((name) => {
    const schemas = shapes.flatMap(({ properties }) =>
      isRecord(properties) && Object.hasOwn(properties, name) ? [properties[name]] : [],
    )
    const descriptions = schemas.map((schema) => resolved(schema, inputSchema).description)
    return {
      name,
      required: shapes.every(({ required }) => Array.isArray(required) && required.includes(name)),
      schema: schemas.length === 1 ? schemas[0] : { anyOf: schemas },
      description: descriptions.find((text) => typeof text === "string" && text.trim() !== ""),
    }
  })
}

/** Objects of one form or another. */
export const hasAlternatives = (inputSchema: unknown): boolean => alternatives(inputSchema, inputSchema).length > 1

/** Whether it says of what kind further fields are. */
export const isOpen = (inputSchema: unknown): boolean =>
  isRecord(resolved(inputSchema, inputSchema).additionalProperties)

/** Whether it says which fields there are, be it none. */
export const tellsFields = (inputSchema: unknown): boolean =>
  alternatives(inputSchema, inputSchema).some(({ properties }) => isRecord(properties))

/** Any text at all, and nothing but a text. */
export function isText(schema: unknown, root: unknown): boolean {
  return alternatives(schema, root).every((each) => each.type === "string" && !each.enum && each.const === undefined)
}

/** What one word can say: a text, a number, true, false or null, one of several such values, or anything. */
export function isScalar(schema: unknown, root: unknown): boolean {
  return alternatives(schema, root).every((each) => {
    const values = each.const === undefined ? each.enum : [each.const]
    if (Array.isArray(values)) return values.every((value) => typeof value !== "object" || value === null)
    return each.type !== "object" && each.type !== "array" && !each.properties
  })
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** `#/$defs/Place`, `#/definitions/Place`, `#`. */
function refersTo(reference: string, root: unknown): unknown {
  if (!reference.startsWith("#")) return {}
  const keys = reference.slice(1).split("/").filter(Boolean)
  return keys.reduce<unknown>((inner, key) => {
    const name = key.replaceAll("~1", "/").replaceAll("~0", "~")
    return isRecord(inner) && Object.hasOwn(inner, name) ? inner[name] : {}
  }, root)
}

function merged(under: SchemaPart, over: SchemaPart): SchemaPart {
  const together: SchemaPart = { ...under, ...over }
  if (isRecord(under.properties) && isRecord(over.properties)) {
    together.properties = { ...under.properties, ...over.properties }
  }
  if (Array.isArray(under.required) && Array.isArray(over.required)) {
    together.required = [...new Set([...(under.required as string[]), ...(over.required as string[])])]
  }
  return together
}
