/**
 * `swirl score beerqa`: eval_beerqa.py @ beerqa/IRRR 76b288e on the contents of a gold and a predictions file. An id without
 * a prediction scores 0 and stays in every mean. No content of a prediction is refused: an answer that is no text, where
 * the script would stop, scores 0.
 */
import { type ScoreReport, SwirlError } from "@swirl-ts/core"
import { parseRecords } from "@swirl-ts/datasets"
import { type Labels, labelOf } from "./labels.ts"
import { aggregate, answerMetrics } from "./metrics.ts"
import { readPredictions } from "./predictions.ts"
import { isObject } from "./record.ts"

export function scoreFiles(gold: string, predictions: string, labels: Labels = {}): ScoreReport {
  const golds = parseRecords(gold, "the gold file", { at: "data" })
  if (golds.length === 0)
    throw new SwirlError('The gold file holds no question. Give BeerQA\'s JSON file, {"data": [...]}.')
  const answers = readPredictions(predictions)
  const items = golds.map(({ where, value }, place) => {
    const { id, references, source } = readGold(value, where)
    // Prediction files can only name texts; Python finds no other id in them either.
    if (typeof id !== "string") return { id: `entry ${place}`, metrics: answerMetrics(undefined, references, source) }
    const answer = Object.hasOwn(answers, id) ? answers[id] : undefined
    return { id, metrics: answerMetrics(answer, references, labelOf(labels, id) ?? source) }
  })
  return { metrics: aggregate(items.map((item) => item.metrics)), items }
}

function readGold(value: unknown, where: string): { id: unknown; references: string[]; source?: string } {
  if (!isObject(value)) throw new SwirlError(`${where} is no object. Give BeerQA's JSON file as gold.`)
  const { id, answers, src } = value
  if (!Array.isArray(answers) || answers.some((answer) => typeof answer !== "string")) {
    throw new SwirlError(
      `${where}: "answers" is no list of texts. Give a split with references (the test questions hide them).`,
    )
  }
  return { id, references: answers as string[], ...(typeof src === "string" && src !== "" ? { source: src } : {}) }
}
