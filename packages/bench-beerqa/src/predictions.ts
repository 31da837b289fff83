/** The official prediction file, `{ id: answer }` or `{ "answer": { id: answer } }`, in and out. */
import { type EvalSample, SwirlError } from "@swirl-ts/core"
import { parseDocument } from "@swirl-ts/datasets"
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
 * The text of a prediction file for the official script, from an evaluation's samples; task ids are the dataset's own.
 * Of several samples of a task the first one counts; one without an answer is left out, which the script scores 0.
 */
export function predictionFile(samples: Iterable<Pick<EvalSample, "taskId" | "answer">>): string {
  const answers = new Map<string, string | undefined>()
  for (const { taskId, answer } of samples) if (!answers.has(taskId)) answers.set(taskId, answer)
  return `${JSON.stringify(Object.fromEntries([...answers].filter(([, answer]) => answer !== undefined)))}\n`
}
