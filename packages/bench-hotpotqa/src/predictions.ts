/**
 * The official prediction file, `{ "answer": { id: answer }, "sp": { id: [[title, sentence], …] } }`, in and out. A file
 * with answers alone, under "answer" or as `{ id: answer }`, is read too; "sp" alone likewise.
 */
import type { EvalSample } from "@swirl-ts/core"
import { SwirlError } from "@swirl-ts/core"
import { parseDocument } from "@swirl-ts/datasets"
import { isObject } from "./record.ts"

export type ById = Readonly<Record<string, unknown>>

export interface Predictions {
  /** Absent when the file holds none at all, which is something else than an id without one. */
  answers?: ById
  facts?: ById
}

export function readPredictions(text: string): Predictions {
  const file = parseDocument(text, "the predictions file")
  if (!isObject(file)) {
    throw new SwirlError(
      'The predictions file is no JSON object. Give {"answer": {id: answer}, "sp": {id: [[title, sentence], ...]}}, or {id: answer}.',
    )
  }
  const parts = ["answer", "sp"].filter((key) => Object.hasOwn(file, key))
  if (parts.length === 0) return { answers: file }
  const part = (key: string): ById => (isObject(file[key]) ? file[key] : {})
  return {
    ...(parts.includes("answer") ? { answers: part("answer") } : {}),
    ...(parts.includes("sp") ? { facts: part("sp") } : {}),
  }
}

/**
 * The text of a prediction file for the official script, from an evaluation's samples; task ids are the dataset's own.
 * Of several samples of a task the first one counts; one without an answer is left out, which the script scores 0. The
 * action formats ask for no supporting facts, so "sp" is empty and all that has to do with it scores 0.
 */
export function predictionFile(samples: Iterable<Pick<EvalSample, "taskId" | "answer">>): string {
  const answers = new Map<string, string | undefined>()
  for (const { taskId, answer } of samples) if (!answers.has(taskId)) answers.set(taskId, answer)
  const given = [...answers].filter(([, answer]) => answer !== undefined)
  return `${JSON.stringify({ answer: Object.fromEntries(given), sp: {} })}\n`
}
