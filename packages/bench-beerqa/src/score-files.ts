/**
 * `swirl score beerqa`: eval_beerqa.py @ beerqa/IRRR 76b288e on the contents of a gold and a predictions file. An id without
 * a prediction scores 0 and stays in every mean. No content of a prediction is refused: an answer that is no text, where
 * the script would stop, scores 0.
 */
import { coverageNotes, parseRecords } from "@swirl-ts/bench-kit"
import { type ScoreReport, SwirlError } from "@swirl-ts/core"
import { type Labels, labelOf } from "./labels.ts"
import { aggregate, answerMetrics } from "./metrics.ts"
import { readPredictions } from "./predictions.ts"
import { isObject } from "./record.ts"

export function scoreFiles(gold: string, predictions: string, labels: Labels = {}): ScoreReport {
  const golds = parseRecords(gold, "the gold file", { at: "data" })
  if (golds.length === 0)
    throw new SwirlError('The gold file holds no question. Give BeerQA\'s JSON file, {"data": [...]}.')
  const answers = readPredictions(predictions)
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
    const predicted = id !== undefined && Object.hasOwn(answers, id)
    const metrics = predicted
      ? answerMetrics(answers[id], referencesOf(value, where), source)
      : answerMetrics(undefined, [], source)
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
