/**
 * The interval of an accuracy: of scores in [0, 1], of questions that may have been asked several times (epochs).
 * The questions are the sample. Where every one of them is wholly right or wholly wrong that is Wilson's interval of the
 * questions, however often each was asked; elsewhere a t interval by cluster, never narrower than what `unseenShare` allows.
 * Scores that were seen outside [0, 1], as weighted rewards of other tools, have a range that nobody knows: the t interval assumes
 * none, and is not cut at any.
 * Invariant: it holds the mean, lies in [0, 1] where all scores do, and asking the same questions again with the same result moves nothing.
 */
import { checkPaired, checkSample } from "./checks.ts"
import { clopperPearsonInterval } from "./clopper-pearson.ts"
import { mean } from "./mean.ts"
import { clusteredMeanInterval } from "./mean-interval.ts"
import { type Estimate, type Interval, wilsonInterval } from "./wilson.ts"

export interface ScoreEstimate extends Estimate {
  /** Scores. */
  n: number
  /** How many different questions they are of. */
  questions: number
  method: "wilson" | "clustered-t"
}

/**
 * How large a share of all questions may be of a kind that none of n drawn ones is: the upper end of Clopper and Pearson's
 * interval of 0 of n. It bounds what a sample without any spread can say.
 */
export const unseenShare = (n: number, level = 0.95): number => clopperPearsonInterval(0, n, level)[1]

/** Whether scores have the range that scores of ours have. */
export const isWithinUnit = (scores: readonly number[]): boolean => scores.every((score) => score >= 0 && score <= 1)

/** The range that scores can have: [0, 1]; where they were seen outside it, at least what was seen. */
export function scoreRange(scores: readonly number[]): Interval {
  return scores.reduce<Interval>(([low, high], score) => [Math.min(low, score), Math.max(high, score)], [0, 1])
}

/** `questions[i]` names the question of `scores[i]`. */
export function scoreInterval(
  scores: readonly number[],
  questions: readonly (string | number)[],
  level = 0.95,
): ScoreEstimate {
  checkPaired(scores, questions, "scores", "questions")
  checkSample(scores, "scores")
  const value = mean(scores)
  const first = new Map<string | number, number>()
  const isConstant = scores.map((score, index) => {
    const question = questions[index]!
    if (!first.has(question)) first.set(question, score)
    return (score === 0 || score === 1) && first.get(question) === score
  })
  const found = { value, n: scores.length, questions: first.size }
  if (isConstant.every(Boolean)) {
    const right = [...first.values()].filter((score) => score === 1).length
    return { ...found, ci: holding(value, wilsonInterval(right, first.size, level)), method: "wilson" }
  }
  const [lowest, highest] = scoreRange(scores)
  const unseen = unseenShare(first.size, level)
  const bound: Interval = [value - unseen * (value - lowest), value + unseen * (highest - value)]
  const [low, high] = first.size < 2 ? bound : clusteredMeanInterval(scores, questions, level).ci
  const wide: Interval = [Math.min(low, bound[0]), Math.max(high, bound[1])]
  return { ...found, ci: isWithinUnit(scores) ? within(wide) : wide, method: "clustered-t" }
}

const within = ([low, high]: Interval): Interval => [Math.max(0, low), Math.min(1, high)]

/** Questions that were scored unequally often can pull the mean out of an interval in which each counts once. */
const holding = (value: number, [low, high]: Interval): Interval => [Math.min(value, low), Math.max(value, high)]
