/** What a schema found wrong with a record, in words for the people whose file it is. */

/** The part of a Zod issue that is read here. */
interface Issue {
  code?: string | undefined
  path: readonly PropertyKey[]
  message: string
  expected?: string | undefined
  origin?: string | undefined
  minimum?: number | bigint | undefined
  maximum?: number | bigint | undefined
}

const kinds: Record<string, string> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  tuple: "a list",
  object: "an object",
  record: "an object",
}

/** `"answer" is missing`, or `"context.0" cannot be used: it should be a list, but is the text "Rome"`. */
export function recordProblem(issue: Issue, record: unknown): string {
  const { path } = issue
  const field = path.map(String).join(".")
  if (path.length === 0) return "it is no object"
  if (path.length === 1 && (record as Record<PropertyKey, unknown>)[path[0]!] === undefined)
    return `"${field}" is missing`
  return `"${field}" cannot be used: ${fieldProblem(issue, record)}`
}

/** Of the field of `record` that the issue names. */
function fieldProblem(issue: Issue, record: unknown): string {
  const { code, expected = "", origin, minimum, maximum, message } = issue
  const value = issue.path.reduce<unknown>((inner, key) => (inner as Record<PropertyKey, unknown>)?.[key], record)
  const bound = minimum ?? maximum
  if (code === "custom") return message
  if (kinds[expected] !== undefined) return `it should be ${kinds[expected]}, but is ${described(value)}`
  if (value === "") return "it should not be empty"
  if (origin === "array" && Array.isArray(value)) return `it should have ${bound} entries, but has ${value.length}`
  if (typeof value === "number" && bound !== undefined) {
    return `it should be ${bound} or ${minimum === undefined ? "less" : "more"}, but is ${value}`
  }
  return `it has another form than expected, and is ${described(value)}`
}

function described(value: unknown): string {
  if (value === undefined) return "missing"
  if (Array.isArray(value)) return "a list"
  if (typeof value === "object" && value !== null) return "an object"
  if (typeof value === "string") return `the text "${value.length > 40 ? `${value.slice(0, 40)}…` : value}"`
  return typeof value === "number" ? `the number ${value}` : String(value)
}
