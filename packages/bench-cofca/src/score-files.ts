/**
 * `swirl score cofca`: final answers, sub-answers and chains, by HotpotQA's functions, as public evaluations of CofCA
 * take them; its authors published no script. A missing answer or sub-answer is wrong, and every gold record counts.
 */
import { type Metrics, type ScoreReport, SwirlError } from "@swirl-ts/core"
import { parseRecords } from "@swirl-ts/datasets"
import { type AnswerScores, hotpotAnswer } from "@swirl-ts/qa-metrics"
import { type Predictions, readPredictions } from "./predictions.ts"
import { bits, jointScores } from "./reasoning-chain.ts"
import { type CofcaGold, readGold, uniqueIds } from "./record.ts"

const wrong: AnswerScores = { em: 0, f1: 0, prec: 0, recall: 0 }

export function scoreFiles(gold: string, predictions: string): ScoreReport {
  const golds = parseRecords(gold, "the gold file").map(readGold)
  if (golds.length === 0) throw new SwirlError("The gold file holds no question. Give one of CofCA's JSON lists.")
  const given = readPredictions(predictions)
  const keyOf = keys(golds, given)
  const idOf = uniqueIds()
  const subScores: AnswerScores[] = []
  const items = golds.map((record) => {
    const id = idOf(record)
    const key = keyOf(id, record._id)
    const final = scoreText(given.answers.get(key), record.answer, `${id}`)
    if (!given.subAnswers || record.sub_answers.length === 0) return { id, metrics: { ...final } as Metrics }
    const subs = scoreSubs(given.subAnswers.get(key), record.sub_answers, id)
    subScores.push(...subs)
    return { id, metrics: { ...final, ...chainMetrics(final, subs) } as Metrics }
  })
  return { metrics: dataSetMetrics(items, subScores), items }
}

/** Metrics of one question whose sub-answers are predicted; `sub_*` are means over its sub-questions. */
export function chainMetrics(final: AnswerScores, subs: readonly AnswerScores[]): Metrics {
  const allRight = subs.every(({ em }) => em === 1)
  const joint = jointScores([final, ...subs])
  return {
    ...prefixed("sub_", meanScores(subs)),
    right_all_subs_right: final.em === 1 && allRight ? 1 : 0,
    right_with_wrong_sub: final.em === 1 && !allRight ? 1 : 0,
    ...prefixed("ours_joint_", joint),
  }
}

/** Means over questions, but `sub_*` over all sub-questions; the bits are those of the means, since one 0 makes a mean of bits infinite. */
function dataSetMetrics(items: ScoreReport["items"], subScores: readonly AnswerScores[]): Metrics {
  const names = [...new Set(items.flatMap(({ metrics }) => Object.keys(metrics)))]
  const means = names.map((name): [string, number] => {
    const values = items.flatMap(({ metrics }) => metrics[name] ?? [])
    return [name, values.reduce((total, value) => total + value, 0) / values.length]
  })
  const metrics = { ...Object.fromEntries(means), ...(subScores.length ? prefixed("sub_", meanScores(subScores)) : {}) }
  const { ours_joint_em: em, ours_joint_f1: f1 } = metrics
  return em === undefined || f1 === undefined
    ? metrics
    : { ...metrics, ours_joint_em_bits: bits(em), ours_joint_f1_bits: bits(f1) }
}

function scoreSubs(given: unknown, golds: readonly string[], id: string): AnswerScores[] {
  if (given !== undefined && !Array.isArray(given)) {
    throw new SwirlError(`The predictions file: "sub_answers" of ${id} is no list. Give one answer a sub-question.`)
  }
  const answers = (given ?? []) as unknown[]
  return golds.map((gold, place) => scoreText(answers[place], gold, `${id}, sub-answer ${place + 1}`))
}

/** Nothing is wrong; what is no text stops here, as HotpotQA's script stops at it. */
function scoreText(prediction: unknown, gold: string, where: string): AnswerScores {
  if (prediction === undefined) return wrong
  if (typeof prediction === "string") return hotpotAnswer(prediction, gold)
  throw new SwirlError(
    `The predictions file: the answer to ${where} is ${JSON.stringify(prediction)}, no text. HotpotQA's script stops there too; leave it out, or write it as a text.`,
  )
}

/** Under which key a record's predictions stand: its id here, or its `_id` where no other record has that. */
function keys(golds: readonly CofcaGold[], { answers, subAnswers }: Predictions): (id: string, own: string) => string {
  const counts = new Map<string, number>()
  for (const { _id } of golds) counts.set(_id, (counts.get(_id) ?? 0) + 1)
  const has = (key: string): boolean => answers.has(key) || (subAnswers?.has(key) ?? false)
  return (id, own) => {
    if (has(id) || !has(own)) return id
    if (counts.get(own) === 1) return own
    throw new SwirlError(
      `The predictions file names ${own}, but ${counts.get(own)} records of the gold file have this _id. Write their ids as <_id>__<type>__<n>, e.g. ${id}.`,
    )
  }
}

function meanScores(scores: readonly AnswerScores[]): AnswerScores {
  const mean = (value: (one: AnswerScores) => number) =>
    scores.reduce((total, one) => total + value(one), 0) / scores.length
  return {
    em: mean((one) => one.em),
    f1: mean((one) => one.f1),
    prec: mean((one) => one.prec),
    recall: mean((one) => one.recall),
  }
}

const prefixed = (prefix: string, { em, f1, prec, recall }: AnswerScores): Metrics => ({
  [`${prefix}em`]: em,
  [`${prefix}f1`]: f1,
  [`${prefix}prec`]: prec,
  [`${prefix}recall`]: recall,
})
