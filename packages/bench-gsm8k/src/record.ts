/** One record of GSM8K, a row of its files. A question has a gold number; what has none is refused. */
import { type DatasetRecord, readAs } from "@swirl-ts/bench-kit"
import { z } from "zod"
import { INVALID, readings } from "./readings.ts"

const RecordSchema = z.object({
  question: z.string().min(1),
  /** Worked steps with `<<sum=value>>` notes, then a line `#### number`. */
  answer: z
    .string()
    .refine((answer) => readings.official.extract(answer) !== INVALID, 'it has no line "#### <number>"'),
})
const SolutionSchema = RecordSchema.pick({ answer: true })
export type Gsm8kRecord = z.output<typeof RecordSchema>

const fields = 'GSM8K rows have "question" and "answer".'

export const readRecord = (record: DatasetRecord): Gsm8kRecord => readAs(RecordSchema, record, fields)

/** The whole `answer` of a row where only that counts: in scoring. */
export const readSolution = (record: DatasetRecord): string => readAs(SolutionSchema, record, fields).answer

/** A note `<<a=b>>` of a solution: what a calculator is asked, and what it prints. */
export const notePattern = /<<([^<>]*)=([^<>=]+)>>/g

/** The notes of a solution, in order. */
export const notesOf = (solution: string): { query: string; value: string }[] =>
  Array.from(solution.matchAll(notePattern), ([, query = "", value = ""]) => ({ query, value }))
