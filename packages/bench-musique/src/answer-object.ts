/**
 * Predictions in a shape that is not MuSiQue's own: one object `{ id: answer }` or `{ "answer": { id: answer } }`, as
 * HotpotQA's tools write and as papers publish them for a part of a split. The questions it names are scored, the others
 * are not, and how many of how many is part of the result, so that a part is never taken for the whole.
 */
import { parseDocument } from "@swirl-ts/bench-kit"
import { type ScoreReport, SwirlError } from "@swirl-ts/core"
import { answerScores, officialMeans } from "./official-scores.ts"
import { truthy } from "./python-values.ts"
import { type Gold, idText, predictionKeys } from "./scoring-records.ts"

type Answers = ReadonlyMap<string, unknown>

/** The answers by id, or undefined where the text is not one such object. */
export function readAnswers(text: string): Answers | undefined {
  const plain = text.replace(/^\ufeff/, "").trimStart()
  if (!plain.startsWith("{") || isObject(firstLine(plain), predictionKeys)) return undefined
  const value = oneDocument(plain)
  if (!isObject(value)) return undefined
  const { answer } = value as { answer?: unknown }
  if (isObject(answer)) return new Map(Object.entries(answer as object))
  return predictionKeys.some((key) => Object.hasOwn(value as object, key))
    ? undefined
    : new Map(Object.entries(value as object))
}

/** A first line that is a prediction of the official shape: then the file is JSON Lines, however long. */
function firstLine(text: string): unknown {
  const end = text.indexOf("\n")
  try {
    return JSON.parse(end < 0 ? text : text.slice(0, end))
  } catch {
    return undefined
  }
}

/** Several documents, or a broken one, are no object here; JSON Lines are then read, and name the broken line. */
function oneDocument(text: string): unknown {
  try {
    return parseDocument(text, "the predictions file")
  } catch {
    return undefined
  }
}

function isObject(value: unknown, keys: readonly string[] = []): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false
  return keys.length === 0 || keys.some((key) => Object.hasOwn(value, key))
}

export function scoreAnswers(golds: readonly Gold[], answers: Answers): ScoreReport {
  const ids = new Set(golds.map(({ id }) => idText(id)))
  if (ids.size < golds.length || golds.some(({ answerable }) => !truthy(answerable))) {
    throw new SwirlError(
      `The predictions are one object by id, but the gold file's ids do not name one answerable record each (MuSiQue-Full has twins). Give the official JSON Lines: one prediction a record, in the gold file's order.`,
    )
  }
  const items = golds.flatMap((gold) => {
    const id = idText(gold.id)
    if (!answers.has(id)) return []
    const { em, f1 } = answerScores(gold, answers.get(id))
    return [{ id, metrics: { answer_f1: f1, answer_em: em } }]
  })
  if (items.length === 0) {
    throw new SwirlError(
      `The predictions are one object, but none of its ${answers.size} keys is an id of the gold file (the first there is ${JSON.stringify(golds[0]?.id)}). Give {id: answer}, or the official JSON Lines.`,
    )
  }
  const means = officialMeans(
    items.map(({ metrics }) => metrics),
    ["answer_f1", "answer_em"],
  )
  const unknown = [...answers.keys()].filter((id) => !ids.has(id)).length
  const metrics = {
    ...means,
    ours_questions_scored: items.length,
    ours_questions_in_gold: golds.length,
    ours_predictions_without_gold: unknown,
  }
  return { metrics, items }
}
