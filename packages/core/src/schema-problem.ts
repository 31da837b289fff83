/** What a Zod schema found wrong with a value, in words for the people whose file or options it is. */
import type { ZodType } from "zod"

/** The part of a Zod issue that is read here. */
interface Issue {
  code?: string | undefined
  path: readonly PropertyKey[]
  message: string
  expected?: string | undefined
  origin?: string | undefined
  minimum?: number | bigint | undefined
  maximum?: number | bigint | undefined
  inclusive?: boolean | undefined
  keys?: readonly string[] | undefined
  values?: readonly unknown[] | undefined
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
export function schemaProblem(issue: Issue, value: unknown): string {
  const { path } = issue
  if (path.length === 0) {
    if (issue.keys) return keysProblem(issue)
    return kinds[issue.expected ?? ""] === "an object" ? "it is no object" : fieldProblem(issue, value)
  }
  const field = path.map(String).join(".")
  const record = value as Record<PropertyKey, unknown>
  if (path.length === 1 && record[path[0]!] === undefined) return `"${field}" is missing`
  return `"${field}" cannot be used: ${fieldProblem(issue, value)}`
}

/** Every problem of a value, as one clause. */
export const schemaProblems = ({ issues }: { issues: readonly Issue[] }, value: unknown): string =>
  issues.map((issue) => schemaProblem(issue, value)).join("; ")

/** What a schema has against a value; undefined where nothing. */
export const problemBy =
  (schema: ZodType) =>
  (value: unknown): string | undefined => {
    const { error } = schema.safeParse(value)
    return error && schemaProblems(error, value)
  }

/** Of the part of `value` that the issue names. */
function fieldProblem(issue: Issue, value: unknown): string {
  const { code, expected = "", origin, minimum, maximum, message } = issue
  const part = issue.path.reduce<unknown>((inner, key) => (inner as Record<PropertyKey, unknown>)?.[key], value)
  const bound = minimum ?? maximum
  if (code === "custom") return message
  if (issue.keys) return keysProblem(issue)
  if (issue.values) {
    const several = issue.values.length > 1 ? "one of " : ""
    return `it should be ${several}${issue.values.map((one) => JSON.stringify(one)).join(", ")}, but is ${describedValue(part)}`
  }
  if (kinds[expected] !== undefined) return `it should be ${kinds[expected]}, but is ${describedValue(part)}`
  if (part === "") return "it should not be empty"
  if (origin === "array" && Array.isArray(part)) return `it should have ${bound} entries, but has ${part.length}`
  if (typeof part === "number" && bound !== undefined) return `it should be ${limit(issue, bound)}, but is ${part}`
  // Zod's own words begin so; a schema's author may have given better ones.
  return message.startsWith("Invalid") ? `it has another form than expected, and is ${describedValue(part)}` : message
}

/** A schema's author may have given better words than these. */
const keysProblem = ({ keys = [], message }: Issue): string =>
  message.startsWith("Unrecognized")
    ? `${keys.map((key) => JSON.stringify(key)).join(", ")} ${keys.length === 1 ? "is" : "are"} unknown`
    : message

function limit({ minimum, inclusive = true }: Issue, bound: number | bigint): string {
  const word = minimum === undefined ? "less" : "more"
  return inclusive ? `${bound} or ${word}` : `${word} than ${bound}`
}

/** What something is, in a few words: `the text "Rome"`. */
export function describedValue(value: unknown): string {
  if (value === undefined) return "missing"
  if (Array.isArray(value)) return "a list"
  if (typeof value === "object" && value !== null) return "an object"
  if (typeof value === "string") return `the text "${value.length > 40 ? `${value.slice(0, 40)}…` : value}"`
  return typeof value === "number" ? `the number ${value}` : String(value)
}
