/**
 * Judging recorded trajectories. One record a step, its id from what was judged by whom, so a second run writes nothing
 * new. A judge that throws, times out or answers nonsense gives `unscored` with the reason: counted, never zero.
 */
import {
  contentHash,
  countReason,
  errorMessage,
  isCommandEnd,
  isSwirlError,
  type Judge,
  type JudgeInput,
  type JudgeVerdict,
  judgeInput,
  needsJudge,
  type Reasons,
  type Trajectory,
  type VerdictRecord,
} from "@swirl-ts/core"
import { inParallel, inTime } from "@swirl-ts/kit"

/** A judge of the steps of one task. */
export interface TaskJudge extends Judge {
  /** It knows the task, so its verdicts are labelled. */
  oracle?: boolean
  /** Digest of the siblings that it goes by, where it asks for them: it is shown what the judged call gave, too. */
  siblings?: string
}

export interface JudgeStepOptions {
  /** Milliseconds a verdict may take; default: the judge's own, else two minutes. */
  timeout?: number
  abortSignal?: AbortSignal
}

export interface JudgeAllOptions extends JudgeStepOptions {
  /** Verdicts asked for at once; default 16. */
  concurrency?: number
  /** True for a verdict that is there already. Say false for unscored ones to ask again. */
  has?(id: string): boolean
  /** Called once a new verdict, in the order they arrive; awaited, up to `concurrency` of them at once. */
  write(record: VerdictRecord): void | Promise<void>
  /** Told after each of them; the counts go on. */
  onVerdict?(summary: JudgeSummary): void
}

export interface JudgeSummary {
  trajectories: number
  /** New verdicts; `good + bad + unscored`. */
  judged: number
  /** Steps that had their verdict already. */
  skipped: number
  good: number
  bad: number
  unscored: number
  /** Of a judge that asks for siblings: steps whose verdict was made from others than there are now, judged again. */
  stale?: number
  /** Why steps are unscored (the first line of the reason), with how often. */
  unscoredReasons: Reasons
}

/** Of one judge (by its identity) on one step, from 0. */
export function verdictId(trajectoryId: string, step: number, judge: string): string {
  return contentHash([trajectoryId, step, judge])
}

/** The record of one judge's verdict on one step. */
export function verdictRecord(
  { trajectoryId, step }: { trajectoryId: string; step: number },
  { identity, oracle, siblings }: Pick<TaskJudge, "identity" | "oracle" | "siblings">,
  { verdict, score, reason }: JudgeVerdict,
): VerdictRecord {
  const id = verdictId(trajectoryId, step, identity)
  return {
    schema: "swirl.verdict/1",
    id,
    trajectoryId,
    step,
    judge: identity,
    oracle,
    verdict,
    score,
    reason,
    siblings,
  }
}

/** Verdicts of all steps, in order. */
export async function judgeTrajectory(
  trajectory: Trajectory,
  judge: TaskJudge,
  options: JudgeStepOptions = {},
): Promise<VerdictRecord[]> {
  const records: VerdictRecord[] = []
  for (let step = 0; step < trajectory.steps.length; step++) {
    records.push(await judgeStep(trajectory, step, judge, options))
  }
  return records
}

/**
 * Judges what `has` does not know yet, by one judge or by the judge of each trajectory. Trajectories are streamed; memory
 * does not grow with their number.
 */
export async function judgeAll(
  trajectories: Iterable<Trajectory> | AsyncIterable<Trajectory>,
  judge: TaskJudge | ((trajectory: Trajectory) => Promise<TaskJudge>),
  options: JudgeAllOptions,
): Promise<JudgeSummary> {
  const { concurrency = 16, has = () => false, write, onVerdict, abortSignal } = options
  const summary: JudgeSummary = {
    trajectories: 0,
    judged: 0,
    skipped: 0,
    good: 0,
    bad: 0,
    unscored: 0,
    unscoredReasons: {},
  }
  async function* unjudged(): AsyncGenerator<{ trajectory: Trajectory; step: number; by: TaskJudge }> {
    for await (const trajectory of trajectories) {
      const by = typeof judge === "function" ? await judge(trajectory) : judge
      summary.trajectories++
      for (let step = 0; step < trajectory.steps.length; step++) {
        abortSignal?.throwIfAborted()
        if (has(verdictId(trajectory.id, step, by.identity))) summary.skipped++
        else yield { trajectory, step, by }
      }
    }
  }
  await inParallel(unjudged(), concurrency, async ({ trajectory, step, by }) => {
    const record = await judgeStep(trajectory, step, by, options)
    await write(record)
    summary.judged++
    summary[record.verdict]++
    if (record.verdict === "unscored") countReason(summary.unscoredReasons, record.reason)
    onVerdict?.(summary)
  })
  return summary
}

async function judgeStep(
  trajectory: Trajectory,
  index: number,
  judge: TaskJudge,
  options: JudgeStepOptions,
): Promise<VerdictRecord> {
  const verdict =
    withoutJudge(trajectory, index) ?? (await safeVerdict(judge, inputOf(trajectory, index, judge), options))
  return verdictRecord({ trajectoryId: trajectory.id, step: index }, judge, verdict)
}

/** A judge that goes by siblings compares results, so it is shown what the recorded call gave. */
function inputOf(trajectory: Trajectory, index: number, { siblings }: TaskJudge): JudgeInput {
  const input = judgeInput(trajectory, index)
  const result = siblings === undefined ? undefined : trajectory.steps[index]?.observation
  return result ? { ...input, action: { ...input.action, result } } : input
}

function withoutJudge(trajectory: Trajectory, index: number): JudgeVerdict | undefined {
  const step = trajectory.steps[index]!
  if (needsJudge(step)) return undefined
  if (step.kind === "malformed") {
    return { verdict: "bad", reason: `the action cannot be read: ${step.malformed ?? "malformed"}` }
  }
  return { verdict: "bad", reason: "the turn was cut off by the token limit" }
}

/**
 * A judge's verdict, or `unscored` with what went wrong. Only an abort by the caller throws, and what fails for every
 * input alike (a usage error such as a wrong key). Step judges and outcome judges alike.
 */
export async function safeVerdict<Input>(
  judge: {
    timeout?: number
    judge(input: Input, options?: { abortSignal?: AbortSignal }): JudgeVerdict | Promise<JudgeVerdict>
  },
  input: Input,
  { timeout = judge.timeout ?? 120_000, abortSignal }: JudgeStepOptions = {},
): Promise<JudgeVerdict> {
  const late = `no verdict within ${timeout} milliseconds`
  try {
    const verdict = (signal: AbortSignal) => judge.judge(input, { abortSignal: signal })
    return checked(await inTime(verdict, { milliseconds: timeout, late, abortSignal }))
  } catch (error) {
    abortSignal?.throwIfAborted()
    if (isCommandEnd(error) || (isSwirlError(error) && error.kind === "usage")) throw error
    return { verdict: "unscored", reason: `the judge failed: ${errorMessage(error)}` }
  }
}

function checked(verdict: JudgeVerdict): JudgeVerdict {
  const returned = `it returned ${JSON.stringify(verdict)?.slice(0, 200)}, `
  if (!verdict || !["good", "bad", "unscored"].includes(verdict.verdict))
    throw new Error(`${returned}which is no verdict`)
  // What the author's types promise need not be so.
  const { reason, score }: { reason: unknown; score?: unknown } = verdict
  if (reason === undefined) throw new Error(`${returned}whose reason is missing`)
  if (typeof reason !== "string") throw new Error(`${returned}whose reason is no text`)
  if (score === undefined) return verdict
  if (typeof score !== "number") throw new Error(`${returned}whose score is no number`)
  if (!(score >= 0 && score <= 1)) throw new Error(`its score ${score} is not between 0 and 1`)
  return verdict
}
