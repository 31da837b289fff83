/**
 * `swirl score musique`: evaluate_v1.0.py @ StonyBrookNLP/musique 922ac98 on the contents of a gold file and of a
 * predictions file, line by line in the same order. Metrics are rounded to three places as the script rounds them; the
 * items' are not. As soon as one gold record is unanswerable the files are those of MuSiQue-Full, and ids stand twice.
 */
import { type Metrics, type ScoreReport, SwirlError } from "@swirl-ts/core"
import { readAnswers, scoreAnswers } from "./answer-object.ts"
import { answerScores, officialMeans, supportF1 } from "./official-scores.ts"
import { equal, predictedSet, truthy } from "./python-values.ts"
import { type Gold, goldIndexes, idText, type Prediction, readGolds, readPredictions, stop } from "./scoring-records.ts"
import { groupScores } from "./twin-groups.ts"

export function scoreFiles(gold: string, predictions: string): ScoreReport {
  const golds = readGolds(gold)
  const answers = readAnswers(predictions)
  const report = answers ? scoreAnswers(golds, answers) : scoreInOrder(golds, readPredictions(predictions))
  return golds.some(({ synthetic }) => synthetic)
    ? { ...report, metrics: { ...report.metrics, ours_synthetic_gold: 1 } }
    : report
}

function scoreInOrder(golds: readonly Gold[], predictions: readonly Prediction[]): ScoreReport {
  if (golds.length !== predictions.length) {
    throw new SwirlError(
      `The gold file has ${golds.length} records, the predictions file ${predictions.length}. The official evaluate_v1.0.py wants one prediction a gold record, in the same order.`,
    )
  }
  const items = golds.map((gold, place) => {
    const prediction = predictions[place]!
    if (!equal(gold.id, prediction.id)) {
      throw stop(
        prediction.where,
        `the prediction is for ${JSON.stringify(prediction.id)}, but ${gold.where} is ${JSON.stringify(gold.id)}; predictions stand in the gold file's order`,
      )
    }
    return { id: idText(gold.id), metrics: truthy(gold.answerable) ? itemScores(gold, prediction) : {} }
  })
  const metrics = officialMeans(
    items.map((item) => item.metrics),
    ["answer_f1", "answer_em", "support_f1"],
  )
  if (golds.every(({ answerable }) => truthy(answerable))) return { metrics, items }
  const groups = groupScores(golds, predictions, items)
  const groupMetrics = officialMeans([...groups.values()], groupNames)
  return {
    metrics: { ...metrics, ...groupMetrics },
    items: items.map(({ id, metrics }) => ({ id, metrics: { ...metrics, ...groups.get(id) } })),
  }
}

const groupNames = ["group_answer_sufficiency_f1", "group_support_sufficiency_f1"] as const

/** The three scores of an answerable record, each in [0, 1]. */
function itemScores(gold: Gold, prediction: Prediction): Metrics {
  const { em, f1 } = answerScores(gold, prediction.answer)
  const support = supportF1(predictedSet(prediction.support), goldIndexes(gold))
  return { answer_f1: f1, answer_em: em, support_f1: support }
}
