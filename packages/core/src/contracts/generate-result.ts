/**
 * What a model gave for one turn, before any of it is read. Invariant: what has no problem here can be read and written to
 * the records as it is. Counts of tokens are left out: a wrong one is unknown, and costs no turn.
 */
import { z } from "zod"
import { ProviderFieldsSchema } from "../prompts/prompt.ts"
import { TokenMetadataSchema } from "../records/records.ts"
import { describedValue, schemaProblems } from "../schema-problem.ts"
import { isRecord } from "../tool-input/input-fields.ts"

const providerMetadata = ProviderFieldsSchema.refine(isWritable, "it cannot be written as JSON").nullish()
const written = { text: z.string(), providerMetadata }

/** The parts that are read, by type; files, sources and what else there may be beside them are not. */
const read = new Map<string, z.ZodType>([
  ["text", z.looseObject(written)],
  ["reasoning", z.looseObject(written)],
  [
    "tool-call",
    z.looseObject({
      toolCallId: z.string(),
      toolName: z.string(),
      input: z.custom((value) => value !== undefined && isWritable(value), "it should be JSON"),
      providerMetadata,
    }),
  ],
])

const PartSchema = z.looseObject({ type: z.string() }).superRefine((part, context) => {
  const issues = read.get(part.type)?.safeParse(part).error?.issues ?? []
  for (const issue of issues) context.addIssue({ ...issue })
})

/** A turn may be empty; one that has only parts that nobody reads is a misspelt type more often than a picture. */
const ContentSchema = z.array(PartSchema).superRefine((parts, context) => {
  if (parts.length === 0 || parts.some(({ type }) => read.has(type))) return
  const given = [...new Set(parts.map(({ type }) => JSON.stringify(type)))].join(", ")
  const message = `none of its parts has a type that is read (${[...read.keys()].join(", ")}), only ${given}`
  context.addIssue({ code: "custom", message })
})

const ResultSchema = z.looseObject({
  content: ContentSchema,
  finishReason: z.custom(
    (value) =>
      [value, (value as { unified?: unknown } | null | undefined)?.unified].some((one) => typeof one === "string"),
    'it should be a text such as "stop", or { unified: "stop", raw: "stop" }',
  ),
  providerMetadata: z.looseObject({ swirl: TokenMetadataSchema.nullish() }).nullish(),
})

/** A clause that goes on from "the model"; none where the turn can be read. */
export function generateResultProblem(result: unknown): string | undefined {
  if (!isRecord(result)) {
    return `gave ${result === undefined ? "nothing" : describedValue(result)} in place of a turn: an object with content, finishReason and usage`
  }
  const issues = ResultSchema.safeParse(result).error?.issues.slice(0, mostProblems)
  return issues && `gave a turn that cannot be read: ${schemaProblems({ issues }, result)}`
}

/** A list of token ids can have thousands. */
const mostProblems = 3

/** A value that holds itself has no JSON, nor has a bigint. */
function isWritable(value: unknown): boolean {
  try {
    return JSON.stringify(value) !== undefined
  } catch {
    return false
  }
}
