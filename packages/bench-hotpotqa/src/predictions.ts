/**
 * The official prediction file, `{ "answer": { id: text }, "sp": { id: [[title, sentence], …] } }`. Either
 * part alone is read too, and so is `{ id: text }`, as systems without supporting facts write it.
 */
import { parseDocument } from "@swirl-ts/bench-kit"
import { SwirlError } from "@swirl-ts/core"
import { isObject } from "./record.ts"

export type ById = Readonly<Record<string, unknown>>

/** A part is absent where the file does not have it, which is something else than an id without a prediction. */
export interface Predictions {
  answers?: ById
  facts?: ById
}

export function readPredictions(text: string): Predictions {
  const file = parseDocument(text, "the predictions file")
  if (!isObject(file)) {
    throw new SwirlError(
      'The predictions file is no JSON object. Give {"answer": {id: text}, "sp": {id: [[title, sentence], …]}}, or {id: text}.',
    )
  }
  const [hasAnswers, hasFacts] = [Object.hasOwn(file, "answer"), Object.hasOwn(file, "sp")]
  if (!hasAnswers && !hasFacts) return { answers: file }
  return { ...(hasAnswers ? { answers: byId(file.answer) } : {}), ...(hasFacts ? { facts: byId(file.sp) } : {}) }
}

/** A part that is no object names no question. */
const byId = (part: unknown): ById => (isObject(part) ? part : {})
