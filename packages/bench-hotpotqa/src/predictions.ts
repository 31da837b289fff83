/**
 * The official prediction file, `{ "answer": { id: text }, "sp": { id: [[title, sentence], …] } }`, in and out. Either
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

/**
 * A file for the official script, from an evaluation's samples or from trajectories. Task ids are the dataset's own. Of two
 * samples of a task the last one counts; one without an answer is left out, which scores 0. No action format asks for
 * supporting facts: `sp`, which the script wants, is empty, and everything about it scores 0.
 */
export function predictionFile(samples: Iterable<{ taskId: string; answer?: string | undefined }>): string {
  const answers = new Map<string, string>()
  for (const { taskId, answer } of samples) if (answer !== undefined) answers.set(taskId, answer)
  return `${JSON.stringify({ answer: Object.fromEntries(answers), sp: {} }, null, 1)}\n`
}
