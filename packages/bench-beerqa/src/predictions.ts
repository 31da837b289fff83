/** The official prediction file, `{ id: answer }` or `{ "answer": { id: answer } }`. */
import { parseDocument } from "@swirl-ts/bench-kit"
import { SwirlError } from "@swirl-ts/core"
import { isObject } from "./record.ts"

/** Answers by id, whatever their types. */
export function readPredictions(text: string): Readonly<Record<string, unknown>> {
  const file = parseDocument(text, "the predictions file")
  if (!isObject(file)) {
    throw new SwirlError('The predictions file is no JSON object. Give {id: answer}, or {"answer": {id: answer}}.')
  }
  if (!Object.hasOwn(file, "answer")) return file
  return isObject(file.answer) ? file.answer : {}
}
