/**
 * The numbers of one cell, and of two policies on it. The question is the sample, whatever it was asked of: an accuracy stands
 * on the mean of each question, a change on the questions that both policies have a score for.
 */
import { pairedBootstrap, pairedPermutation } from "@swirl-ts/stats"
import { midP, scoreReach, studentReach, unseen, wilson } from "./distributions.ts"
import type { Cell, Sample } from "./evaluations.ts"
import { meanOf, ratioOfSquares, ratioOfSums, sumOf } from "./exact.ts"

type Interval = [number, number]

interface Question {
  taskId: string
  hash: string | undefined
  scores: number[]
  samples: Sample[]
}

export interface Pair {
  taskId: string
  hash: string | undefined
  before: number[]
  after: number[]
  /** Of the row's side. */
  samples: Sample[]
}

/** In the order in which each was met. A sample without a hash is of the question that has its id. */
export function questionsOf(samples: readonly Sample[]): Question[] {
  const found: Question[] = []
  for (const sample of samples) {
    const { taskId, hash, score } = sample
    const known = found.find(
      (each) => each.taskId === taskId && (each.hash === hash || each.hash === undefined || hash === undefined),
    )
    const question = known ?? { taskId, hash, scores: [], samples: [] }
    if (!known) found.push(question)
    question.hash ??= hash
    question.samples.push(sample)
    if (score !== undefined) question.scores.push(score)
  }
  return found
}

/** Beside an accuracy; a count of none is not written. */
export function counts({ samples }: Cell): Record<string, number> {
  const all = {
    unscored: samples.filter(({ score }) => score === undefined).length,
    errors: samples.filter(({ status }) => status === "error").length,
    limits: samples.filter(({ status, score }) => status === "limit" && score !== undefined).length,
    leaked: questionsOf(samples.filter(({ isLeaked }) => isLeaked)).length,
    unguarded: questionsOf(samples.filter(({ isUnguarded }) => isUnguarded)).length,
  }
  return Object.fromEntries(Object.entries(all).filter(([, count]) => count > 0))
}

export interface Accuracy {
  accuracy: number
  n: number
  questions: number
  ci: Interval
}

/** Undefined where nothing has a score. */
export function accuracyOf(cell: Cell): Accuracy | undefined {
  const scores = questionsOf(cell.samples).map((question) => question.scores)
  return scores.flat().length > 0 ? accuracy(scores) : undefined
}

/** Over pairs a question counts once, by its mean; `n` stays the number of samples. */
export function accuracyOver(scores: readonly number[][]): Accuracy {
  return { ...accuracy(scores.map((each) => [meanOf(each)])), n: scores.flat().length }
}

function accuracy(byQuestion: readonly number[][]): Accuracy {
  const asked = byQuestion.filter((scores) => scores.length > 0)
  const all = asked.flat()
  const value = meanOf(all)
  const found = { accuracy: value, n: all.length, questions: asked.length }
  if (asked.every(([first, ...rest]) => (first === 0 || first === 1) && rest.every((each) => each === first))) {
    const [low, high] = wilson(asked.filter(([first]) => first === 1).length, asked.length)
    return { ...found, ci: [Math.min(low, value), Math.max(high, value)] }
  }
  const [lowest, highest] = [Math.min(0, ...all), Math.max(1, ...all)]
  const share = unseen(asked.length)
  const reach = asked.length < 2 ? 0 : studentReach(asked.length - 1) * clusteredError(asked)
  const low = Math.min(value - reach, value - share * (value - lowest))
  const high = Math.max(value + reach, value + share * (highest - value))
  // Of scores that lie elsewhere nobody knows between which they can lie.
  return { ...found, ci: lowest < 0 || highest > 1 ? [low, high] : [Math.max(0, low), Math.min(1, high)] }
}

/** The standard error of a mean of clusters: residuals summed by cluster, squared, with G / (G - 1). */
function clusteredError(clusters: readonly number[][]): number {
  const all = clusters.flat()
  const [n, total] = [BigInt(all.length), sumOf(all)]
  const squares = clusters.reduce((sum, each) => sum + (n * sumOf(each) - BigInt(each.length) * total) ** 2n, 0n)
  const count = BigInt(clusters.length)
  return Math.sqrt(ratioOfSquares(squares * count, (count - 1n) * n ** 4n))
}

export interface LeftOut {
  onlyInA: number
  onlyInB: number
  otherQuestion: number
  otherReference?: number
  unscored: number
}

/** By id and hash; in the order of ids, which is the one that resampling draws in. */
export function pairUp(base: Cell, row: Cell): { pairs: Pair[]; leftOut: LeftOut } {
  const [before, after] = [questionsOf(base.samples), questionsOf(row.samples)]
  const leftOut: LeftOut = { onlyInA: 0, onlyInB: 0, otherQuestion: 0, unscored: 0 }
  const pairs: Pair[] = []
  for (const { taskId, hash, scores, samples } of after) {
    const sameId = before.filter((each) => each.taskId === taskId)
    const other = sameId.find((each) => each.hash === hash || each.hash === undefined || hash === undefined)
    if (sameId.length === 0) leftOut.onlyInB++
    else if (!other) leftOut.otherQuestion++
    else if (isOtherReference(other, { samples })) leftOut.otherReference = (leftOut.otherReference ?? 0) + 1
    else if (scores.length === 0 || other.scores.length === 0) leftOut.unscored++
    else pairs.push({ taskId, hash: hash ?? other.hash, before: other.scores, after: scores, samples })
  }
  const asked = new Set(after.map(({ taskId }) => taskId))
  leftOut.onlyInA = new Set(before.map(({ taskId }) => taskId).filter((id) => !asked.has(id))).size
  return { pairs: pairs.sort((a, b) => (`${a.taskId}#` < `${b.taskId}#` ? -1 : 1)), leftOut }
}

/** Where both sides say theirs. */
function isOtherReference(...sides: Pick<Question, "samples">[]): boolean {
  const [a, b] = sides.map(({ samples }) => samples.find(({ reference }) => reference !== undefined)?.reference)
  return a !== undefined && b !== undefined && a !== b
}

export interface Change {
  value: number
  ci: Interval
  ciMethod: string
  p: number
  pMethod: string
  baseAccuracy: number
}

/** The draws of the bootstrap and of the permutations are those of the record, so they alone come from @swirl-ts/stats. */
export function changeOver(pairs: readonly Pair[], seed: number): Change {
  const [a, b] = [pairs.map(({ before }) => meanOf(before)), pairs.map(({ after }) => meanOf(after))]
  const all = [...a, ...b]
  const isRightOrWrong = all.every((score) => score === 0 || score === 1)
  const value = ratioOfSums(sumOf(b) - sumOf(a), BigInt(pairs.length))
  const test = isRightOrWrong
    ? { p: midP(count(a, b), count(b, a)), pMethod: "mcnemar-mid-p" }
    : { p: pairedPermutation(a, b, { seed }), pMethod: "paired-permutation" }
  return { value, ...interval(a, b, value, isRightOrWrong, seed), ...test, baseAccuracy: meanOf(a) }
}

const count = (more: readonly number[], less: readonly number[]): number =>
  more.filter((score, index) => score > less[index]!).length

function interval(
  a: readonly number[],
  b: readonly number[],
  value: number,
  isRightOrWrong: boolean,
  seed: number,
): Pick<Change, "ci" | "ciMethod"> {
  // What none of n equal pairs leaves possible: that share of questions changed by the whole range, down or up.
  const range = Math.max(1, ...a, ...b) - Math.min(0, ...a, ...b)
  const share = unseen(a.length)
  const bound: Interval = [(1 - share) * value - share * range, (1 - share) * value + share * range]
  if (a.every((score, index) => score === b[index])) return { ci: bound, ciMethod: "none-differs" }
  const [down, up] = [count(a, b), count(b, a)]
  if (isRightOrWrong && down + up < 10) {
    const ci: Interval = [-scoreReach(down, up, a.length), scoreReach(up, down, a.length)]
    return { ci, ciMethod: "tango-score" }
  }
  if (a.length > 1 && [...a, ...b].some((score) => score < 0 || score > 1)) {
    const differences = a.map((score, index) => [b[index]! - score])
    const reach = studentReach(a.length - 1) * clusteredError(differences)
    const ci: Interval = [value - reach, value + reach]
    return { ci: [Math.min(ci[0], bound[0]), Math.max(ci[1], bound[1])], ciMethod: "paired-t" }
  }
  const { ci } = pairedBootstrap(a, b, { seed })
  return {
    ci: isRightOrWrong ? ci : [Math.min(ci[0], bound[0]), Math.max(ci[1], bound[1])],
    ciMethod: "paired-bootstrap",
  }
}
