/**
 * `swirl score hotpotqa`: hotpot_evaluate_v1.py @ hotpotqa/hotpot 3635853 on the contents of a gold file and a prediction
 * file. Sums run in gold order over all gold questions; what is missing counts 0. No prediction is refused for its
 * content: where Python would stop with an error, the prediction counts as missing.
 */
import { type AnswerScores, coverageNotes, hotpotAnswer, meanInOrder, parseRecords } from "@swirl-ts/bench-kit"
import { type Metrics, type ScoreReport, SwirlError } from "@swirl-ts/core"
import { type FactScores, factScores, factSet } from "./facts.ts"
import { type GoldRecord, readGold } from "./gold-record.ts"
import { type ById, readPredictions } from "./predictions.ts"

export function scoreFiles(gold: string, predictions: string): ScoreReport {
  const golds = parseRecords(gold, "the gold file", { at: "data" }).map(readGold)
  if (golds.length === 0) {
    throw new SwirlError("The gold file holds no question. Give HotpotQA's JSON array or JSON lines of its records.")
  }
  const { answers, facts } = readPredictions(predictions)
  // A gold file of questions and answers alone has no facts to compare with.
  const compared = facts && golds.some(({ facts }) => facts !== undefined) ? facts : undefined
  const items = golds.map((record) => ({ id: record.name, metrics: scoreOne(record, answers, compared) }))
  // Every question has the same metrics.
  const means = Object.keys(items[0]!.metrics).map((name) => [
    name,
    meanInOrder(items.map(({ metrics }) => metrics[name]!)),
  ])
  const ids = golds.map(({ id }) => (typeof id === "string" ? id : undefined))
  const notes = [
    ...(answers ? coverageNotes(ids, Object.keys(answers)) : []),
    ...(compared ? coverageNotes(ids, Object.keys(compared), " of supporting facts") : []),
  ]
  return { metrics: Object.fromEntries(means), items, notes: [...new Set(notes)] }
}

function scoreOne(record: GoldRecord, answers: ById | undefined, facts: ById | undefined): Metrics {
  const answer = answers ? answerScores(record, lookUp(answers, record.id)) : undefined
  const sp = facts ? supportScores(record, lookUp(facts, record.id)) : undefined
  return { ...answer, ...sp, ...(answer && sp ? jointScores(answer, sp) : {}) }
}

function answerScores(record: GoldRecord, prediction: unknown): AnswerScores {
  if (typeof prediction !== "string") return { em: 0, f1: 0, prec: 0, recall: 0 }
  if (typeof record.answer !== "string") throw new SwirlError(`${record.where}: "answer" is missing or no text.`)
  return hotpotAnswer(prediction, record.answer)
}

function supportScores(record: GoldRecord, prediction: unknown): FactScores {
  const predicted = factSet(prediction)
  if (!predicted) return { sp_em: 0, sp_f1: 0, sp_prec: 0, sp_recall: 0 }
  const gold = factSet(record.facts)
  if (!gold)
    throw new SwirlError(`${record.where}: "supporting_facts" is missing or no list of [title, sentence] pairs.`)
  return factScores(predicted, gold)
}

/** Products of both parts; a part that is missing is 0, and so is its product. */
function jointScores(answer: AnswerScores, sp: FactScores): Metrics {
  const prec = answer.prec * sp.sp_prec
  const recall = answer.recall * sp.sp_recall
  return {
    joint_em: answer.em * sp.sp_em,
    joint_f1: prec + recall > 0 ? (2 * prec * recall) / (prec + recall) : 0,
    joint_prec: prec,
    joint_recall: recall,
  }
}

/** Ids are texts: a number as id is in no JSON object, for Python neither. */
const lookUp = (from: ById, id: unknown): unknown =>
  typeof id === "string" && Object.hasOwn(from, id) ? from[id] : undefined
