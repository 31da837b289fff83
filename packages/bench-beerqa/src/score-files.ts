/**
 * `swirl score beerqa`: eval_beerqa.py @ beerqa/IRRR 76b288e on the contents of a gold and a predictions file. An id without
 * a prediction scores 0 and stays in every mean. No content of a prediction is refused: an answer that is no text, where
 * the script would stop, scores 0.
 */
import { byId, coverageNotes, goldRecords, predictionFor, readPredictions } from "@swirl-ts/bench-kit"
import { type ScoreReport, SwirlError } from "@swirl-ts/core"
import { isObject } from "@swirl-ts/kit"
import { dataSet } from "./files.ts"
import { type Labels, labelOf } from "./labels.ts"
import { aggregate, answerMetrics } from "./metrics.ts"

export function scoreFiles(gold: string, predictions: string, labels: Labels = {}): ScoreReport {
  const golds = goldRecords(gold, dataSet)
  const file = readPredictions(predictions, '{id: answer}, or {"answer": {id: answer}}')
  const answers = Object.hasOwn(file, "answer") ? byId(file.answer) : file
  const ids: (string | undefined)[] = []
  if (golds.every(({ value }) => isObject(value) && Object.hasOwn(value, "id") && !Object.hasOwn(value, "answers")))
    throw new SwirlError(
      `${golds[0]!.where} has no "answers", and no other question has. Give a split with references (the test questions hide them).`,
    )
  const items = golds.map(({ where, value }, place) => {
    if (!isObject(value)) throw new SwirlError(`${where} is no object. Give BeerQA's JSON file as gold.`)
    if (!Object.hasOwn(value, "id")) throw new SwirlError(`${where} has no "id". Give BeerQA's JSON file as gold.`)
    // Prediction files can only name texts; Python finds no other id in them either.
    const id = typeof value.id === "string" ? value.id : undefined
    ids.push(id)
    const source = (id === undefined ? undefined : labelOf(labels, id)) ?? sourceOf(value)
    const answer = predictionFor(answers, id)
    const metrics = answerMetrics(answer, answer === undefined ? [] : referencesOf(value, where), source)
    return { id: id ?? `entry ${place}`, metrics }
  })
  return {
    metrics: aggregate(items.map((item) => item.metrics)),
    items,
    notes: coverageNotes(ids, Object.keys(answers)),
  }
}

const sourceOf = ({ src }: Readonly<Record<string, unknown>>): string | undefined =>
  typeof src === "string" && src !== "" ? src : undefined

/** Read only where there is something to compare with them, as the script does. */
function referencesOf({ answers }: Readonly<Record<string, unknown>>, where: string): string[] {
  if (Array.isArray(answers) && answers.every((answer) => typeof answer === "string")) return answers
  throw new SwirlError(
    `${where}: there is a prediction, but "answers" is no list of texts. Give a split with references (the test questions hide them).`,
  )
}
