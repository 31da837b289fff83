/**
 * The sample of an imported trajectory. Invariant: a score is either ours, of a question that is a benchmark's, or the other
 * tool's, under a name that no metric of ours has (`inspect:match`); never both in one.
 */
import {
  contentHash,
  type Entry,
  type EvalSample,
  errorMessage,
  type ForeignScore,
  type ImportedRecord,
  type Task,
  type Temperature,
  type Trajectory,
} from "@swirl-ts/core"
import { scoreInTime } from "@swirl-ts/runner"

export interface SampleRequest {
  trajectory: Trajectory
  record: ImportedRecord
  temperature: Temperature
  /** `makerHash`. */
  maker: string
  /** The benchmark's task, where the question is one. */
  matched?: { benchmark: Entry<"benchmarks">; task: Task }
  /** Whose score stands for the others, where the log has scores. */
  scorer?: string
  abortSignal?: AbortSignal
}

/** Undefined where nobody scores it. */
export async function importedSample(
  request: SampleRequest,
): Promise<(EvalSample & { temperature: Temperature }) | undefined> {
  const { trajectory, record, temperature, maker, matched, scorer } = request
  const score = matched
    ? await ownScore(request, matched)
    : scorer === undefined
      ? undefined
      : foreignScore(record, scorer)
  if (!score) return undefined
  const { benchmark, split, taskId, epoch, policy, seed, prompt, question, answer, status } = trajectory
  const references = matched ? (matched.task.acceptedAnswers ?? present(matched.task.answer)) : record.references
  return {
    schema: "swirl.eval-sample/1",
    id: contentHash(["eval-sample", trajectory.id]),
    taskId,
    trajectoryId: trajectory.id,
    benchmark,
    split,
    epoch,
    policy,
    temperature,
    seed,
    questionHash: contentHash(question),
    promptHash: prompt.length > 0 ? contentHash(prompt) : undefined,
    referenceHash:
      references && contentHash({ answer: matched ? matched.task.answer : references[0], acceptedAnswers: references }),
    maker,
    leakGuard: "off",
    primaryMetric: score.primaryMetric,
    status: statusOf(status, score),
    answer,
    metrics: score.metrics,
    error: score.problem ?? trajectory.error,
  }
}

interface Score {
  primaryMetric: string
  metrics: Record<string, number>
  /** Why there is none. */
  problem?: string
}

/** A try that ended in an error counts by the score that the other tool gave it all the same. */
function statusOf(status: Trajectory["status"], { primaryMetric, metrics }: Score): EvalSample["status"] {
  if (!(primaryMetric in metrics)) return status === "error" ? "error" : "unscored"
  return status === "answered" ? "scored" : "limit"
}

async function ownScore(
  { trajectory, abortSignal }: SampleRequest,
  { benchmark, task }: NonNullable<SampleRequest["matched"]>,
): Promise<Score> {
  const { primaryMetric } = benchmark.value
  if (trajectory.status === "error") return { primaryMetric, metrics: {} }
  try {
    return { primaryMetric, metrics: await scoreInTime(benchmark, task, trajectory.answer, abortSignal) }
  } catch (error) {
    abortSignal?.throwIfAborted()
    return { primaryMetric, metrics: {}, problem: errorMessage(error) }
  }
}

function foreignScore({ format, scores = [] }: ImportedRecord, scorer: string): Score {
  const primaryMetric = metricName(format, scorer)
  const metrics = Object.fromEntries(scores.flatMap((score) => named(format, score)))
  const problem = primaryMetric in metrics ? undefined : `the log has no score of ${scorer} for it`
  return { primaryMetric, metrics, problem }
}

const named = (format: string, { scorer, number }: ForeignScore): [string, number][] =>
  number === undefined ? [] : [[metricName(format, scorer), number]]

const metricName = (format: string, scorer: string): string => `${format}:${scorer}`
const present = (answer: string | undefined): string[] | undefined => (answer === undefined ? undefined : [answer])
