/**
 * `swirl score cofca`: final answers, sub-answers and chains, by HotpotQA's functions, as public evaluations of CofCA
 * take them; its authors published no script. A missing answer or sub-answer is wrong, and every gold record counts.
 */
import { type AnswerScores, coverageNotes, hotpotAnswer, parseRecords } from "@swirl-ts/bench-kit"
import { type Metrics, type ScoreReport, SwirlError } from "@swirl-ts/core"
import { readPredictions } from "./predictions.ts"
import { bits, jointScores } from "./reasoning-chain.ts"
import { readGold, uniqueIds } from "./record.ts"

const wrong: AnswerScores = { em: 0, f1: 0, prec: 0, recall: 0 }

export function scoreFiles(gold: string, predictions: string): ScoreReport {
  const golds = parseRecords(gold, "the gold file", { at: "data" }).map(readGold)
  if (golds.length === 0) throw new SwirlError("The gold file holds no question. Give one of CofCA's JSON lists.")
  const { answers, subAnswers } = readPredictions(predictions)
  const counts = new Map<string, number>()
  for (const { _id } of golds) counts.set(_id, (counts.get(_id) ?? 0) + 1)
  const idOf = uniqueIds()
  const subScores: AnswerScores[] = []
  let sharing = 0
  const asked: string[] = []
  const askedSteps: string[] = []
  const shown = new Set<string>()
  const items = golds.map((record) => {
    const { _id: own, answer, sub_answers: golden } = record
    const made = idOf(record)
    const alone = counts.get(own) === 1
    const given = [answers, subAnswers].map((map) => map && (map.has(made) ? map.get(made) : map.get(own)))
    if (!alone && !answers.has(made) && answers.has(own)) sharing++
    asked.push(answers.has(made) ? made : own)
    if (subAnswers && golden.length > 0) askedSteps.push(subAnswers.has(made) ? made : own)
    const final = scoreText(given[0], answer)
    const subs = subAnswers && golden.length > 0 ? scoreSubs(given[1], golden) : undefined
    subScores.push(...(subs ?? []))
    const metrics: Metrics = subs ? { ...final, ...chainMetrics(final, subs) } : { ...final }
    const id = alone && !shown.has(own) ? own : made
    shown.add(id)
    return { id, metrics }
  })
  const metrics = dataSetMetrics(items, subScores)
  return {
    metrics: { ...metrics, ...(sharing > 0 ? { ours_answered_by_shared_id: sharing } : {}) },
    items,
    notes: [
      ...coverageNotes(asked, answers.keys()),
      ...(subAnswers ? coverageNotes(askedSteps, subAnswers.keys(), " of sub-answers") : []),
    ],
  }
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

/**
 * Means over questions, but `sub_*` over all sub-questions. The bits are those of the means, since one 0 makes a mean of
 * bits infinite; where a mean itself is 0 they are left out, since JSON has no infinity.
 */
function dataSetMetrics(items: ScoreReport["items"], subScores: readonly AnswerScores[]): Metrics {
  const names = [...new Set(items.flatMap(({ metrics }) => Object.keys(metrics)))]
  const means = names.map((name): [string, number] => {
    const values = items.flatMap(({ metrics }) => metrics[name] ?? [])
    return [name, values.reduce((total, value) => total + value, 0) / values.length]
  })
  const metrics: Metrics = {
    ...Object.fromEntries(means),
    ...(subScores.length ? prefixed("sub_", meanScores(subScores)) : {}),
  }
  const bitsOf = (name: "ours_joint_em" | "ours_joint_f1"): Metrics =>
    metrics[name] ? { [`${name}_bits`]: bits(metrics[name]) } : {}
  return { ...metrics, ...bitsOf("ours_joint_em"), ...bitsOf("ours_joint_f1") }
}

const scoreSubs = (given: unknown, golds: readonly string[]): AnswerScores[] =>
  golds.map((gold, place) => scoreText(Array.isArray(given) ? given[place] : undefined, gold))

/** HotpotQA's script stops at what is no text; here it is wrong, as the content of a prediction is never refused. */
const scoreText = (prediction: unknown, gold: string): AnswerScores =>
  typeof prediction === "string" ? hotpotAnswer(prediction, gold) : wrong

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
