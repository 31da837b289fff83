/**
 * `swirl score hotpotqa`: hotpot_evaluate_v1.py @ hotpotqa/hotpot 3635853 on the contents of a gold file and a prediction
 * file. Sums run in gold order over all gold questions; what is missing counts 0. No prediction is refused for its
 * content: where Python would stop with an error, the prediction counts as missing.
 */
import {
  type AnswerScores,
  type ById,
  byId,
  coverageNotes,
  goldRecords,
  hotpotAnswer,
  predictionFor,
  readPredictions,
} from "@swirl-ts/bench-kit"
import { type Metrics, meanMetrics, type ScoreReport, SwirlError } from "@swirl-ts/core"
import { type FactScores, factScores, factSet } from "./facts.ts"
import { dataSet } from "./files.ts"
import { type GoldRecord, readGold } from "./gold-record.ts"

export function scoreFiles(gold: string, predictions: string): ScoreReport {
  const golds = goldRecords(gold, dataSet("distractor")).map(readGold)
  const { answers, facts } = partsOf(predictions)
  // A gold file of questions and answers alone has no facts to compare with.
  const compared = facts && golds.some(({ facts }) => facts !== undefined) ? facts : undefined
  const items = golds.map((record) => ({ id: record.name, metrics: scoreOne(record, answers, compared) }))
  const ids = golds.map(({ id }) => (typeof id === "string" ? id : undefined))
  const notes = [
    ...(answers ? coverageNotes(ids, Object.keys(answers)) : []),
    ...(compared ? coverageNotes(ids, Object.keys(compared), " of supporting facts") : []),
  ]
  return { metrics: meanMetrics(items.map(({ metrics }) => metrics)), items, notes: [...new Set(notes)] }
}

/**
 * The official file, `{ "answer": { id: text }, "sp": { id: [[title, sentence], …] } }`. Either part alone is read too, and
 * so is `{ id: text }`, as systems without supporting facts write it. A part is undefined where the file does not have it.
 */
function partsOf(predictions: string): { answers?: ById; facts?: ById } {
  const form = '{"answer": {id: text}, "sp": {id: [[title, sentence], …]}}, or {id: text}'
  const file = readPredictions(predictions, form)
  const part = (name: string): ById | undefined => (Object.hasOwn(file, name) ? byId(file[name]) : undefined)
  const [answers, facts] = [part("answer"), part("sp")]
  return answers || facts ? { answers, facts } : { answers: file }
}

function scoreOne(record: GoldRecord, answers: ById | undefined, facts: ById | undefined): Metrics {
  const answer = answers ? answerScores(record, predictionFor(answers, record.id)) : undefined
  const sp = facts ? supportScores(record, predictionFor(facts, record.id)) : undefined
  return { ...answer, ...sp, ...(answer && sp ? jointScores(answer, sp) : {}) }
}

/** The reference is read only where there is something to compare with it, as the script does. */
function answerScores({ answer, where }: GoldRecord, prediction: unknown): AnswerScores {
  if (typeof prediction === "string" && typeof answer !== "string") {
    throw new SwirlError(`${where}: "answer" is missing or no text.`)
  }
  return hotpotAnswer(prediction, String(answer))
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
