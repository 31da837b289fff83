/**
 * Two policies on one cell, paired question by question: the same id and, where both records say it, the same text and reference. Every
 * number of the pair (both accuracies, change, interval, p, n) is over the questions that both have a score for; of a question
 * that was asked several times it is the mean. What is left out is counted.
 */
import {
  type AskedQuestion,
  byQuestion,
  type CellResult,
  type ChangedCell,
  type EvalSample,
  isSameQuestion,
  type LeftOut,
  leftOutInWords,
  type QuestionOfSample,
  SwirlError,
  scoreOf,
} from "@swirl-ts/core"
import { mean, pairedComparison, scoreInterval } from "@swirl-ts/stats"
import { type MeasuredCell, madeByOf, withoutAnswer } from "./cell-result.ts"
import { differences, type SamplePair } from "./differences.ts"

export interface PairedCells {
  /** Of the first policy, over the pairs. */
  base: CellResult
  result: ChangedCell
}

interface Pair extends QuestionOfSample {
  before: number[]
  after: number[]
  /** Of both sides. */
  samples: SamplePair
}

/** One question that both have a score for, each by its mean over epochs. */
export interface PairedQuestion extends QuestionOfSample {
  before: number
  after: number
}

/** Sorted by id; none where the two share no scored question. */
export const pairedQuestions = (base: MeasuredCell, row: MeasuredCell): PairedQuestion[] =>
  pairUp(base, row).pairs.map(({ taskId, questionHash, before, after }) => ({
    taskId,
    questionHash,
    before: mean(before),
    after: mean(after),
  }))

export function pairedCells(base: MeasuredCell, row: MeasuredCell, seed: number): PairedCells {
  const { pairs, leftOut } = pairUp(base, row)
  if (pairs.length === 0) throw nothingToPair(base, row, leftOut)
  const before = pairs.map((pair) => pair.before)
  const after = pairs.map((pair) => pair.after)
  const { accuracyA, change } = pairedComparison(before.map(mean), after.map(mean), { seed })
  const { value, ci, ciMethod, p, pMethod } = change
  const asked = pairs.map(({ samples }) => samples)
  return {
    base: {
      ...overPairs(before, base),
      madeBy: madeByOf(
        base,
        asked.flatMap(({ before }) => before),
      ),
    },
    result: {
      ...overPairs(after, row),
      madeBy: madeByOf(
        row,
        asked.flatMap(({ after }) => after),
      ),
      change: { value, ci, ciMethod, p, pMethod, baseAccuracy: accuracyA },
      leftOut,
      differs: differences(base, row, asked),
    },
  }
}

function overPairs(scores: readonly (readonly number[])[], cell: MeasuredCell): CellResult {
  const means = scores.map(mean)
  const { value, ci, questions } = scoreInterval(means, [...means.keys()])
  return { accuracy: value, n: scores.flat().length, questions, ci, ...withoutAnswer(cell) }
}

function pairUp(base: MeasuredCell, row: MeasuredCell): { pairs: Pair[]; leftOut: LeftOut } {
  const before = Map.groupBy(byQuestion(base.samples), ({ taskId }) => taskId)
  const leftOut: LeftOut = { onlyInA: 0, onlyInB: 0, otherQuestion: 0, unscored: 0 }
  const pairs: Pair[] = []
  const met = new Set<string>()
  let otherReference = 0
  for (const question of byQuestion(row.samples)) {
    const { taskId } = question
    const sameId = before.get(taskId)
    const other = sameId?.find((each) => isSameQuestion(each, question))
    if (sameId) met.add(taskId)
    if (!sameId) leftOut.onlyInB += 1
    else if (!other) leftOut.otherQuestion += 1
    else if (!isSameReference(other, question)) otherReference += 1
    else {
      if (row.metric !== base.metric) throw otherMetric(base, row)
      const questionHash = question.questionHash ?? other.questionHash
      const samples = { before: other.samples, after: question.samples }
      const [before, after] = [scoresOf(other, base.metric), scoresOf(question, row.metric)]
      const pair = { taskId, questionHash, before, after, samples }
      if (pair.before.length > 0 && pair.after.length > 0) pairs.push(pair)
      else leftOut.unscored += 1
    }
  }
  if (otherReference > 0) leftOut.otherReference = otherReference
  for (const taskId of before.keys()) if (!met.has(taskId)) leftOut.onlyInA += 1
  // Resampling draws by position: the order may not depend on which sample ended first.
  return { pairs: pairs.sort((a, b) => (`${a.taskId}#` < `${b.taskId}#` ? -1 : 1)), leftOut }
}

/** Where one of the two does not say its reference, as records of before it was written, they count as the same. */
function isSameReference(...questions: [AskedQuestion<EvalSample>, AskedQuestion<EvalSample>]): boolean {
  const said = questions.map(({ samples }) => samples.find(({ referenceHash }) => referenceHash)?.referenceHash)
  return said.includes(undefined) || said[0] === said[1]
}

const scoresOf = ({ samples }: AskedQuestion<EvalSample>, metric: string): number[] =>
  samples.flatMap((sample) => scoreOf(sample, metric) ?? [])

const otherMetric = ({ samples: [a], metric }: MeasuredCell, row: MeasuredCell): SwirlError =>
  new SwirlError(
    `${a!.benchmark}/${a!.split} counts by ${metric} for ${a!.policy} and by ${row.metric} for ${row.samples[0]!.policy}: its plugin changed in between. Evaluate both with one version.`,
    { kind: "usage" },
  )

function nothingToPair(base: MeasuredCell, row: MeasuredCell, leftOut: LeftOut): SwirlError {
  const [a, b] = [base.samples[0], row.samples[0]]
  const cell = a ?? b
  const said = leftOutInWords(leftOut)
  return new SwirlError(
    `No question of ${cell?.benchmark}/${cell?.split} can be compared between ${a?.policy ?? "a"} (a) and ${b?.policy ?? "b"} (b): of those asked, ${said.join(", ") || "there is none"}. Evaluate both on the same files.`,
    { kind: "usage" },
  )
}
