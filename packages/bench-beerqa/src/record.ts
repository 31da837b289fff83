/** One record of BeerQA. `context` holds the gold paragraphs alone; the test file has neither it nor source nor answers. */
import { SwirlError, schemaProblem } from "@swirl-ts/core"
import { z } from "zod"

export type Paragraph = readonly [title: string, text: string]

const RecordSchema = z.object({
  id: z.string().min(1),
  question: z.string().min(1),
  src: z.string().min(1).nullish(),
  answers: z.array(z.string()).nullish(),
  context: z.array(z.tuple([z.string(), z.string()])).nullish(),
})

export interface BeerqaRecord {
  id: string
  question: string
  /** `squad` or `hotpotqa` in the authors' files. */
  source?: string
  /** Absent where the split hides them. */
  answers?: readonly string[]
  /** Absent where it is not known. */
  context?: readonly Paragraph[]
}

/** Reads a record. `hidden`: the split has nothing but ids and questions. `where` begins messages. */
export function readRecord(value: unknown, where: string, hidden = false): BeerqaRecord {
  if (!isObject(value)) throw refuse(where, "it is no object")
  for (const key of ["id", "question", ...(hidden ? [] : ["answers", "src"])]) {
    if (value[key] === undefined || value[key] === null) throw refuse(where, `"${key}" is missing`)
  }
  const read = RecordSchema.safeParse(value)
  if (!read.success) throw refuse(where, schemaProblem(read.error.issues[0]!, value))
  const { id, question, src, answers, context } = read.data
  return {
    id,
    question,
    source: src ?? undefined,
    ...(answers && !(hidden && answers.length === 0) ? { answers } : {}),
    context: context ?? undefined,
  }
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const refuse = (where: string, problem: string): SwirlError =>
  new SwirlError(`${where}: ${problem}. BeerQA's records have "id", "src", "answers", "question" and "context".`)
