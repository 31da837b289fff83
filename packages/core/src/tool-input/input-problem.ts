/**
 * Whether a value is of the form that a tool's schema asks for: fields that are missing, of another type or not among
 * the values. How long, how large or how written a value may be is the tool's own to check: its refusal is an observation.
 */
import { z } from "zod"
import { schemaProblem } from "../schema-problem.ts"
import { inputFields } from "./input-fields.ts"
import { typeText } from "./type-text.ts"

const readers = new WeakMap<object, z.ZodType | undefined>()

/** In words; undefined where there is none, and where the schema says what cannot be checked here. */
export function inputProblem(inputSchema: object, input: unknown): string | undefined {
  try {
    const issues = reader(inputSchema)?.safeParse(input).error?.issues.filter(isOfForm) ?? []
    return issues.length === 0 ? undefined : issues.map((issue) => told(issue, inputSchema, input)).join("; ")
  } catch {
    return undefined
  }
}

/** Of alternatives, what they are; Zod says of each why it is not that one. */
function told(issue: z.core.$ZodIssue, inputSchema: object, input: unknown): string {
  if (issue.code !== "invalid_union") return schemaProblem(issue, input)
  const field = inputFields(inputSchema).find(({ name }) => name === issue.path[0])
  if (field) return `${JSON.stringify(field.name)} should be ${typeText(field.schema, inputSchema)}`
  return `it should be ${typeText(inputSchema, inputSchema)}`
}

function reader(inputSchema: object): z.ZodType | undefined {
  if (!readers.has(inputSchema)) readers.set(inputSchema, readSchema(inputSchema))
  return readers.get(inputSchema)
}

function readSchema(inputSchema: object): z.ZodType | undefined {
  try {
    return z.fromJSONSchema(inputSchema as Parameters<typeof z.fromJSONSchema>[0])
  } catch {
    return undefined
  }
}

function isOfForm(issue: z.core.$ZodIssue): boolean {
  if (issue.code === "invalid_union") return issue.errors.every((errors) => errors.some(isOfForm))
  return issue.code === "invalid_type" || issue.code === "invalid_value"
}
