/**
 * A predictions file (ours, after HotpotQA's): `{ id: answer }`, or `{ "answer": { id: answer }, "sub_answers":
 * { id: [answer, …] } }`. Ids are those of the tasks; the file's own `_id` does where only one record has it.
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
  if (subAnswers !== undefined && subAnswers !== null && !isObject(subAnswers)) {
    throw new SwirlError(`${name}: "sub_answers" is no object. Give { id: [answer, …] }, or leave it out.`)
  }
  return { answers: entries(answer), subAnswers: subAnswers ? entries(subAnswers) : undefined }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const entries = (value: Record<string, unknown>): Map<string, unknown> => new Map(Object.entries(value))
