/** A sample as a row of columns. */
import { type EvalSample, isScored, scoreOf, type Trajectory } from "@swirl-ts/core"
import { shortened } from "./question-book.ts"
import type { VerdictTally } from "./recorded-verdicts.ts"
import { finishReasons, scoreStatuses, trajectoryStatuses } from "./samples-page.ts"

/** As `SamplesPage` has it, a row at a time. */
export interface SampleRow {
  key: string
  group: number
  question: number
  epoch: number
  status: number
  scoreStatus: number
  finish: number
  score: number | null
  metrics: Readonly<Record<string, number>>
  answer: string | null
  error: string | null
  steps: number
  toolCalls: number
  toolErrors: number
  malformed: number
  inputTokens: number
  outputTokens: number
  good: number
  bad: number
  unscored: number
  disputed: number
  reward: number | null
  kept: number
}

export const alwaysThere = ["key", "group", "question", "status", "scoreStatus", "finish", "metrics"] as const

interface RowFacts extends VerdictTally {
  key: string
  group: number
  question: number
  epoch: number
  trajectory?: Trajectory
  sample?: EvalSample
  /** Whether a score is to be expected. */
  isEvaluated: boolean
  metric?: string
  kept: number
}

const longestAnswer = 120
const longestError = 200

export function sampleRow(facts: RowFacts): SampleRow {
  const { key, group, question, epoch, trajectory, sample, metric, kept } = facts
  const { good, bad, unscored, disputed, reward } = facts
  const steps = trajectory?.steps ?? []
  const answer = trajectory?.answer ?? sample?.answer
  const error = trajectory?.error ?? sample?.error
  return {
    key,
    group,
    question,
    epoch,
    status: trajectoryStatuses.indexOf(trajectory?.status ?? "no trajectory"),
    scoreStatus: scoreStatuses.indexOf(sample?.status ?? (facts.isEvaluated ? "not scored yet" : "not evaluated")),
    finish: finishReasons.indexOf(steps.at(-1)?.finishReason ?? "no step"),
    score: (sample && metric !== undefined ? scoreOf(sample, metric) : undefined) ?? null,
    metrics: sample?.metrics ?? {},
    answer: answer === undefined ? null : shortened(answer, longestAnswer),
    error: error === undefined ? null : shortened(error, longestError),
    steps: steps.length,
    toolCalls: steps.filter(({ call, observation }) => call && observation).length,
    toolErrors: steps.filter(({ call, observation }) => call && observation?.isError).length,
    malformed: steps.filter(({ kind }) => kind === "malformed").length,
    inputTokens: trajectory?.usage.inputTokens ?? 0,
    outputTokens: trajectory?.usage.outputTokens ?? 0,
    good,
    bad,
    unscored,
    disputed,
    reward: reward === null ? null : Math.round(reward * 1e4) / 1e4,
    kept,
  }
}

/** Whether it should have a score, and has none. */
export const lacksScore = (sample: EvalSample, score: number | null): boolean => !isScored(sample) || score === null
