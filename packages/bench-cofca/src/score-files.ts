/**
 * `swirl score cofca`: final answers, sub-answers and chains, by HotpotQA's functions, as public evaluations of CofCA
 * take them; its authors published no script. A missing answer or sub-answer is wrong, and every gold record counts.
 */
import { type AnswerScores, coverageNotes, goldRecords, hotpotAnswer, predictionFor } from "@swirl-ts/bench-kit"
import { type Metrics, meanMetrics, type ScoreReport } from "@swirl-ts/core"
import { dataSet } from "./files.ts"
import { readChains } from "./predictions.ts"
import { bits, jointScores } from "./reasoning-chain.ts"
import { readGold } from "./record.ts"
import { uniqueIds } from "./unique-ids.ts"

export function scoreFiles(gold: string, predictions: string): ScoreReport {
  const golds = goldRecords(gold, dataSet).map(readGold)
  const { answers, subAnswers } = readChains(predictions)
  const counts = Map.groupBy(golds, ({ _id }) => _id)
  const idOf = uniqueIds()
  const subScores: AnswerScores[] = []
  let sharing = 0
  const asked: string[] = []
  const askedSteps: string[] = []
  const shown = new Set<string>()
  const items = golds.map((record) => {
    const { _id: own, answer, sub_answers: golden } = record
    const made = idOf(record)
    const alone = counts.get(own)!.length === 1
    if (!alone && !Object.hasOwn(answers, made) && Object.hasOwn(answers, own)) sharing++
    const answerId = Object.hasOwn(answers, made) ? made : own
    asked.push(answerId)
    const final = hotpotAnswer(predictionFor(answers, answerId), answer)
    let metrics: Metrics = { ...final }
    if (subAnswers && golden.length > 0) {
      const stepsId = Object.hasOwn(subAnswers, made) ? made : own
      askedSteps.push(stepsId)
      const subs = scoreSubs(predictionFor(subAnswers, stepsId), golden)
      subScores.push(...subs)
      metrics = { ...final, ...chainMetrics(final, subs) }
    }
    const id = alone && !shown.has(own) ? own : made
    shown.add(id)
    return { id, metrics }
  })
  const metrics = dataSetMetrics(items, subScores)
  return {
    metrics: { ...metrics, ...(sharing > 0 ? { ours_answered_by_shared_id: sharing } : {}) },
    items,
    notes: [
      ...coverageNotes(asked, Object.keys(answers)),
      ...(subAnswers ? coverageNotes(askedSteps, Object.keys(subAnswers), " of sub-answers") : []),
    ],
  }
}

/** Metrics of one question whose sub-answers are predicted; `sub_*` are means over its sub-questions. */
export function chainMetrics(final: AnswerScores, subs: readonly AnswerScores[]): Metrics {
  const allRight = subs.every(({ em }) => em === 1)
  return {
    ...prefixed("sub_", means(subs)),
    right_all_subs_right: final.em === 1 && allRight ? 1 : 0,
    right_with_wrong_sub: final.em === 1 && !allRight ? 1 : 0,
    ...prefixed("ours_joint_", { ...jointScores([final, ...subs]) }),
  }
}

/**
 * Means over questions, but `sub_*` over all sub-questions. The bits are those of the means, since one 0 makes a mean of
 * bits infinite; where a mean itself is 0 they are left out, since JSON has no infinity.
 */
function dataSetMetrics(items: ScoreReport["items"], subScores: readonly AnswerScores[]): Metrics {
  const metrics = { ...meanMetrics(items.map(({ metrics }) => metrics)), ...prefixed("sub_", means(subScores)) }
  const bitsOf = (name: "ours_joint_em" | "ours_joint_f1"): Metrics =>
    metrics[name] ? { [`${name}_bits`]: bits(metrics[name]) } : {}
  return { ...metrics, ...bitsOf("ours_joint_em"), ...bitsOf("ours_joint_f1") }
}

const scoreSubs = (given: unknown, golds: readonly string[]): AnswerScores[] =>
  golds.map((gold, place) => hotpotAnswer(Array.isArray(given) ? given[place] : undefined, gold))

const means = (scores: readonly AnswerScores[]): Metrics => meanMetrics(scores.map((one) => ({ ...one })))

const prefixed = (prefix: string, metrics: Metrics): Metrics =>
  Object.fromEntries(Object.entries(metrics).map(([name, value]) => [`${prefix}${name}`, value]))
