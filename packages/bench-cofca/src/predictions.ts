/**
 * A predictions file (ours, after HotpotQA's): `{ "answer": { id: answer }, "sub_answers": { id: [answer, …] } }`, or
 * question by question `{ id: answer }` and `{ id: { "answer": answer, "sub_answers": [answer, …] } }`. An id is a task's, or a record's own `_id`, which answers every record that has it. Content is
 * never refused: what is no text is no answer, and a wrong one.
 */
import { parseDocument } from "@swirl-ts/bench-kit"
import { SwirlError } from "@swirl-ts/core"

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
  if (isObject(answer) || isObject(subAnswers)) {
    return {
      answers: isObject(answer) ? entries(answer) : new Map(),
      subAnswers: isObject(subAnswers) ? entries(subAnswers) : undefined,
    }
  }
  return byQuestion(entries(value))
}

function byQuestion(questions: ReadonlyMap<string, unknown>): Predictions {
  const answers = new Map<string, unknown>()
  const subAnswers = new Map<string, unknown>()
  for (const [id, given] of questions) {
    answers.set(id, isObject(given) ? given.answer : given)
    if (isObject(given) && given.sub_answers !== undefined) subAnswers.set(id, given.sub_answers)
  }
  return { answers, subAnswers: subAnswers.size > 0 ? subAnswers : undefined }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const entries = (value: Record<string, unknown>): Map<string, unknown> => new Map(Object.entries(value))
