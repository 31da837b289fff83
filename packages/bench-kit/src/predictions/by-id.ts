/**
 * Predictions by id: one JSON object, as most official scripts read them. No content is refused: what is no object names
 * no question, and what is no text is no answer.
 */
import { SwirlError } from "@swirl-ts/core"
import { isObject } from "@swirl-ts/kit"
import { parseDocument } from "../files/parse.ts"

export type ById = Readonly<Record<string, unknown>>

/** The object that a predictions file is; what it holds by id is the scorer's to say. `form` says how it should look. */
export function readPredictions(text: string, form: string): ById {
  const file = parseDocument(text, "the predictions file")
  if (isObject(file)) return file
  throw new SwirlError(`The predictions file is no JSON object. Give ${form}.`, { kind: "usage" })
}

/** A part of it, such as `answer`, as predictions by id. */
export const byId = (part: unknown): ById => (isObject(part) ? part : {})

/** The prediction for an id. Ids are texts: a number as id is in no JSON object, for Python neither. */
export const predictionFor = (predictions: ById, id: unknown): unknown =>
  typeof id === "string" && Object.hasOwn(predictions, id) ? predictions[id] : undefined
