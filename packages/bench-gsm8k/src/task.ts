/** One question of GSM8K, from a row as the files hold it. A row that is a task has a gold number; others are refused. */
import { schemaProblem, type Task } from "@swirl-ts/core"
import { z } from "zod"
import { INVALID, readings } from "./readings.ts"

export const RowSchema = z.object({
  question: z.string().min(1),
  /** Worked steps with `<<sum=value>>` notes, then a line `#### number`. */
  answer: z
    .string()
    .refine((answer) => readings.official.extract(answer) !== INVALID, 'it has no line "#### <number>"'),
})
const SolutionSchema = RowSchema.pick({ answer: true })
export type Row = z.output<typeof RowSchema>

export interface Gsm8kTask extends Task {
  /** The gold number, without commas. */
  answer: string
  /** The dataset's whole `answer`, which the official scripts take as gold. */
  solution: string
  /** Worked examples for the prompt, from the train split; empty unless `shots` are asked for. */
  examples: readonly Row[]
}

/** What is wrong with a row, or the row. Keys in the message are the dataset's own. */
export const readRow = (value: unknown) => readAs(RowSchema, value)

/** The same where only the answer counts: in scoring. */
export const readSolution = (value: unknown) => readAs(SolutionSchema, value)

function readAs<T>(schema: z.ZodType<T>, value: unknown): { row: T } | { problem: string } {
  const result = schema.safeParse(value)
  if (result.success) return { row: result.data }
  return { problem: schemaProblem(result.error.issues[0]!, value) }
}

export function taskOf(row: Row, split: string, index: number, examples: readonly Row[]): Gsm8kTask {
  return {
    id: `${split}/${index}`,
    question: row.question,
    answer: readings.official.extract(row.answer),
    solution: row.answer,
    examples,
  }
}

/** The values b of the notes `<<a=b>>`, in order: what a calculator prints on the way. */
export function notedValues(solution: string): string[] {
  return [...solution.matchAll(/<<[^<>]*=([^<>=]+)>>/g)].map((note) => note[1]!.trim())
}
