/**
 * Predictions in a shape that is not MuSiQue's own: one object `{ id: answer }` or `{ "answer": { id: answer } }`, as
 * HotpotQA's tools write and as papers publish them for a part of a split. The questions it names are scored, the others
 * are not, and how many of how many is part of the result, so that a part is never taken for the whole.
 */
import { type ById, parseDocument } from "@swirl-ts/bench-kit"
import { type ScoreReport, SwirlError } from "@swirl-ts/core"
import { isObject, parseJson } from "@swirl-ts/kit"
import { answerScores, officialMeans } from "./official-scores.ts"
import { truthy } from "./python-values.ts"
import { type Gold, idText, predictionKeys } from "./scoring-records.ts"

/** The answers by id, or undefined where the text is not one such object: several documents, or a broken one, which are read as JSON Lines. */
export function readAnswers(text: string): ById | undefined {
  const plain = text.replace(/^\ufeff/, "").trimStart()
  if (!plain.startsWith("{")) return undefined
  // A first line that is a prediction of the official shape: then the file is JSON Lines, however long.
  if (isPrediction(parseJson(plain.split("\n", 1)[0]!))) return undefined
  let value: unknown
  try {
    value = parseDocument(plain, "the predictions file")
  } catch {
    return undefined
  }
  if (!isObject(value)) return undefined
  if (isObject(value.answer)) return value.answer
  return isPrediction(value) ? undefined : value
}

const isPrediction = (value: unknown): boolean =>
  isObject(value) && predictionKeys.some((key) => Object.hasOwn(value, key))

export function scoreAnswers(golds: readonly Gold[], answers: ById): ScoreReport {
  const ids = new Set(golds.map(({ id }) => idText(id)))
  if (ids.size < golds.length || golds.some(({ answerable }) => !truthy(answerable))) {
    throw new SwirlError(
      `The predictions are one object by id, but the gold file's ids do not name one answerable record each (MuSiQue-Full has twins). Give the official JSON Lines: one prediction a record, in the gold file's order.`,
    )
  }
  const items = golds.flatMap((gold) => {
    const id = idText(gold.id)
    if (!Object.hasOwn(answers, id)) return []
    const { em, f1 } = answerScores(gold, answers[id])
    return [{ id, metrics: { answer_f1: f1, answer_em: em } }]
  })
  if (items.length === 0) {
    throw new SwirlError(
      `The predictions are one object, but none of its ${Object.keys(answers).length} keys is an id of the gold file (the first there is ${JSON.stringify(golds[0]?.id)}). Give {id: answer}, or the official JSON Lines.`,
    )
  }
  const means = officialMeans(
    items.map(({ metrics }) => metrics),
    ["answer_f1", "answer_em"],
  )
  const unknown = Object.keys(answers).filter((id) => !ids.has(id)).length
  const metrics = {
    ...means,
    ours_questions_scored: items.length,
    ours_questions_in_gold: golds.length,
    ours_predictions_without_gold: unknown,
  }
  return { metrics, items }
}
