/** The official prediction file, `{ id: answer }` or `{ "answer": { id: answer } }`, in and out. */
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

/**
 * A file for the official script, from an evaluation's samples or from trajectories. Task ids are the dataset's own. Of two
 * samples of a task the last one counts; one without an answer is left out, which scores 0.
 */
export function predictionFile(samples: Iterable<{ taskId: string; answer?: string | undefined }>): string {
  const answers = new Map<string, string>()
  for (const { taskId, answer } of samples) if (answer !== undefined) answers.set(taskId, answer)
  return `${JSON.stringify(Object.fromEntries(answers), null, 1)}\n`
}
