/**
 * A predictions file (ours, after HotpotQA's): `{ "answer": { id: answer }, "sub_answers": { id: [answer, …] } }`, or
 * question by question `{ id: answer }` and `{ id: { "answer": answer, "sub_answers": [answer, …] } }`. An id is a
 * task's, or a record's own `_id`, which answers every record that has it.
 */
import { type ById, byId, readPredictions } from "@swirl-ts/bench-kit"
import { isObject } from "@swirl-ts/kit"

export interface ChainPredictions {
  answers: ById
  /** Undefined where the file gives none. */
  subAnswers: ById | undefined
}

export function readChains(text: string): ChainPredictions {
  const file = readPredictions(
    text,
    '{ id: answer } or { "answer": { id: answer }, "sub_answers": { id: [answer, …] } }',
  )
  const { answer, sub_answers: subAnswers } = file
  if (isObject(answer) || isObject(subAnswers)) {
    return { answers: byId(answer), subAnswers: isObject(subAnswers) ? subAnswers : undefined }
  }
  const questions = Object.entries(file)
  const chains = questions.flatMap(([id, given]) =>
    isObject(given) && given.sub_answers !== undefined ? [[id, given.sub_answers] as const] : [],
  )
  return {
    answers: Object.fromEntries(questions.map(([id, given]) => [id, isObject(given) ? given.answer : given])),
    subAnswers: chains.length > 0 ? Object.fromEntries(chains) : undefined,
  }
}
