/**
 * A predictions file (ours, after HotpotQA's): `{ id: answer }`, or `{ "answer": { id: answer }, "sub_answers":
 * { id: [answer, …] } }`. An id is a task's, or a record's own `_id`, which answers every record that has it. Content is
 * never refused: what is no text is no answer, and a wrong one.
 */
import { SwirlError } from "@swirl-ts/core"
import { parseDocument } from "@swirl-ts/datasets"

export interface Predictions {
  answers: ReadonlyMap<string, unknown>
  /** Undefined where the file gives none. */
  subAnswers: ReadonlyMap<string, unknown> | undefined
}

const name = "the predictions file"

export function readPredictions(text: string): Predictions {
  const value = parseDocument(text, name)
  if (!isObject(value)) {
    throw new SwirlError(
      `${name} is no object. Give { id: answer } or { "answer": { id: answer }, "sub_answers": { id: [answer, …] } }.`,
    )
  }
  const { answer, sub_answers: subAnswers } = value
  if (!isObject(answer)) return { answers: entries(value), subAnswers: undefined }
  return { answers: entries(answer), subAnswers: isObject(subAnswers) ? entries(subAnswers) : undefined }
}

/** A file of that form with the final answers of evaluated samples; one without an answer is left out and scores 0. */
export function predictionFile(samples: Iterable<{ task: { id: string }; answer?: string | undefined }>): string {
  const answers = new Map<string, string>()
  for (const { task, answer } of samples) if (answer !== undefined) answers.set(task.id, answer)
  return `${JSON.stringify({ answer: Object.fromEntries(answers) }, null, 1)}\n`
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const entries = (value: Record<string, unknown>): Map<string, unknown> => new Map(Object.entries(value))
