/** Checks values by plain JSON Schema, for schemas whose library is not there to do it. A schema that is broken says so at once. */
import { dereference, type OutputUnit, type Schema, type SchemaDraft, Validator } from "@cfworker/json-schema"
import type { StandardSchemaV1 } from "@standard-schema/spec"
import { SwirlError } from "../errors.ts"

const typeNames = ["string", "number", "integer", "boolean", "object", "array", "null"]

/** Draft 2020-12, which reads most of the older ones, unless `$schema` names another. */
export function jsonSchemaValidator(jsonSchema: object): (input: unknown) => StandardSchemaV1.Result<unknown> {
  // The validator writes into what it is given.
  const schema = structuredClone(jsonSchema) as Schema
  const problem = schemaProblem(schema)
  if (problem) throw new SwirlError(`the input schema is no JSON Schema: ${problem}`, { kind: "usage" })
  const validator = new Validator(schema, draftOf(schema), false)
  return (input) => {
    const { valid, errors } = validator.validate(input)
    return valid ? { value: input } : { issues: issuesOf(errors) }
  }
}

function draftOf({ $schema = "" }: Schema): SchemaDraft {
  const [, draft] = /draft(?:\/|-0)(4|7|2019-09)/.exec($schema) ?? []
  return (draft as SchemaDraft | undefined) ?? "2020-12"
}

/** What makes it unusable. A pattern that only the older syntax of regular expressions can read is left to the tool. */
function schemaProblem(schema: Schema): string | undefined {
  const parts = dereference(schema)
  for (const part of Object.values(parts)) {
    if (typeof part === "boolean") continue
    const { type, pattern, __absolute_ref__: reference } = part
    const unknown = (type === undefined ? [] : [type].flat()).find((name) => !typeNames.includes(name))
    if (unknown !== undefined) return `there is no type ${JSON.stringify(unknown)}; there are ${typeNames.join(", ")}`
    if (reference !== undefined && parts[reference] === undefined) {
      return `it refers to ${JSON.stringify(part.$ref)}, which is not in it`
    }
    if (pattern !== undefined && !compiles(pattern, "u")) {
      if (!compiles(pattern, "")) return `the pattern ${JSON.stringify(pattern)} is no regular expression`
      delete part.pattern
    }
  }
  return undefined
}

function compiles(pattern: string, flags: string): boolean {
  try {
    return new RegExp(pattern, flags) instanceof RegExp
  } catch {
    return false
  }
}

/** Keywords that only say that something inside them failed, which is told by itself. */
const enclosing = new Set([
  "properties",
  "patternProperties",
  "items",
  "prefixItems",
  "$ref",
  "$dynamicRef",
  "allOf",
  "if",
  "dependentSchemas",
  "false",
])

function issuesOf(errors: readonly OutputUnit[]): StandardSchemaV1.Issue[] {
  const told = errors.filter(({ keyword }) => !enclosing.has(keyword))
  return (told.length > 0 ? told : errors).map(({ instanceLocation, error }) => ({
    path: instanceLocation
      .split("/")
      .slice(1)
      .map((key) => decodeURIComponent(key).replaceAll("~1", "/").replaceAll("~0", "~")),
    message: error
      .replace(/^Instance type "(\w+)" is invalid\. Expected (.*)\.$/, "expected $2, received $1")
      .replace(/^Instance does not have required property "(.*)"\.$/, '"$1" is missing')
      .replace(/^Property "(.*)" does not match additional properties schema\.$/, '"$1" is unknown'),
  }))
}
