/**
 * Final answers judged against their references, beside the official score and never mixed with it. Verdicts stand in
 * `outcomes.jsonl` of the run folder, one a trajectory and judge, so evaluation and filter find what the other has asked,
 * and a run that is started again goes on. A verdict that was not given is asked for again; it is never a wrong answer.
 */
import {
  countReason,
  type JudgeVerdict,
  type OutcomeJudge,
  type Reasons,
  type Task,
  type Trajectory,
  type VerdictRecord,
  VerdictSchema,
} from "@swirl-ts/core"
import { inParallel } from "@swirl-ts/kit"
import { join } from "@swirl-ts/platform"
import { scoreInterval } from "@swirl-ts/stats"
import { openRecordFile, type Run, readRecords } from "@swirl-ts/store"
import { judgesAtOnce, type StageContext } from "../context.ts"
import { safeVerdict, verdictId, verdictRecord } from "./judge-all.ts"
import { identitiesOf, judgeStage, type OpenOutcomeJudge } from "./open-judge.ts"

/** One final answer; `step` is the trajectory's last. */
export interface FinalAnswer {
  trajectoryId: string
  step: number
  benchmark: string
  question: string
  /** Undefined where the benchmark hides it: such an answer stays unscored. */
  reference: string | undefined
  /** Absent where the trajectory has none: wrong, without asking. */
  answer?: string
}

/** Every answer that counts as right, the official one first; none where it is hidden. */
export const referenceAnswers = ({
  answer,
  acceptedAnswers = answer === undefined ? [] : [answer],
}: Task): string[] => [...new Set(acceptedAnswers)]

/** What a judge of answers is given as right: the answer, and what else counts as it; undefined where it is hidden. */
export function referenceOf(task: Task): string | undefined {
  const [first, ...others] = referenceAnswers(task)
  return first !== undefined && others.length > 0 ? `${first} (also right: ${others.join("; ")})` : first
}

export function finalAnswer({ id, benchmark, steps, answer }: Trajectory, task: Task): FinalAnswer {
  const step = Math.max(0, steps.length - 1)
  return { trajectoryId: id, step, benchmark, question: task.question, reference: referenceOf(task), answer }
}

const outcomesPath = (directory: string): string => join(directory, "outcomes.jsonl")

/** Judges what has not been judged; returns the verdict of each answer by trajectory. The run's lock has to be held. */
export async function judgeOutcomes(
  context: StageContext,
  run: Run,
  outcomeJudge: OpenOutcomeJudge,
  answers: readonly FinalAnswer[],
): Promise<Map<string, VerdictRecord>> {
  const byBenchmark = await identitiesOf(outcomeJudge, answers)
  await run.register(judgeStage("outcomes", outcomeJudge, byBenchmark))
  const identities = new Set(Object.values(byBenchmark))
  const path = outcomesPath(run.directory)
  const when = (record: VerdictRecord): boolean => record.verdict === "unscored" && identities.has(record.judge)
  const file = await openRecordFile(path, VerdictSchema, { retry: { when, attempts: run.paths.attempts } })
  const found = new Map<string, VerdictRecord>()
  let unscored = 0
  try {
    await inParallel(answers, judgesAtOnce(context), async (answer) => {
      context.abortSignal?.throwIfAborted()
      const judge = await outcomeJudge.of(answer.benchmark)
      const id = verdictId(answer.trajectoryId, answer.step, judge.identity)
      const known = await file.get(id)
      const record =
        known ?? verdictRecord(answer, { identity: judge.identity }, await verdictOf(context, judge, answer))
      if (!known) await file.append(record)
      found.set(answer.trajectoryId, record)
      if (record.verdict === "unscored") unscored++
      context.onProgress?.({
        stage: `judge answers with ${outcomeJudge.name}`,
        done: found.size,
        total: answers.length,
        detail: `${unscored} unscored`,
      })
    })
  } finally {
    await file.close()
  }
  return found
}

/** A missing answer is wrong without asking; one whose reference is hidden stays unscored. */
export async function verdictOf(
  { abortSignal }: StageContext,
  judge: OutcomeJudge,
  { question, reference, answer }: FinalAnswer,
): Promise<JudgeVerdict> {
  if (answer === undefined) return { verdict: "bad", reason: "there is no answer" }
  if (reference === undefined) return { verdict: "unscored", reason: "the task's reference answer is hidden" }
  return safeVerdict(judge, { question, reference, answer }, { abortSignal })
}

/** Recorded verdicts on answers of some judges, by trajectory. */
export async function readOutcomes(
  directory: string,
  identities: ReadonlySet<string>,
): Promise<Map<string, VerdictRecord>> {
  const found = new Map<string, VerdictRecord>()
  for await (const record of readRecords(outcomesPath(directory), VerdictSchema)) {
    if (identities.has(record.judge)) found.set(record.trajectoryId, record)
  }
  return found
}

/** A metric of its own: what share of the answers a judge calls right. */
export interface JudgedAccuracy {
  judge: string
  /** Absent where no answer has a verdict. */
  accuracy?: number
  /** 95 %, the questions being the sample: as that of the official score. */
  ci?: [number, number]
  /** Answers with a verdict, trajectories without an answer included as wrong. */
  n: number
  /** Questions that these are of. */
  questions: number
  /** Left out of `n`, never counted as wrong. */
  unscored: number
  unscoredReasons: Reasons
  file: string
}

/** `questionOf`: the id of the task that a trajectory is of. */
export function judgedAccuracy(
  judge: string,
  verdicts: ReadonlyMap<string, VerdictRecord>,
  questionOf: (trajectoryId: string) => string,
  directory: string,
): JudgedAccuracy {
  const scores: number[] = []
  const questions: string[] = []
  const unscoredReasons: Reasons = {}
  for (const [trajectoryId, { verdict, reason }] of verdicts) {
    if (verdict === "unscored") countReason(unscoredReasons, reason)
    else {
      scores.push(verdict === "good" ? 1 : 0)
      questions.push(questionOf(trajectoryId))
    }
  }
  const found = scores.length > 0 ? scoreInterval(scores, questions) : undefined
  return {
    judge,
    accuracy: found?.value,
    ci: found?.ci,
    n: scores.length,
    questions: found?.questions ?? 0,
    unscored: verdicts.size - scores.length,
    unscoredReasons,
    file: outcomesPath(directory),
  }
}
