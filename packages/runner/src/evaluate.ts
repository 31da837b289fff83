/**
 * Roll-outs and the benchmark's score: exactly one final record a sample. An answer that is missing is scored as
 * wrong (`limit`); a model that failed (`error`) and a scorer that failed (`unscored`) are never counted as zero.
 */
import {
  callPlugin,
  callPluginFor,
  contentHash,
  type EvalSample,
  errorMessage,
  goldStepRecall,
  isScored,
  type Leak,
  type Metrics,
  meanMetrics,
  type NamedBenchmark,
  ofBenchmark,
  type Task,
  type Trajectory,
} from "@swirl-ts/core"
import type { RecordFile } from "@swirl-ts/store"
import { type RolloutOptions, type RolloutResult, rollout } from "./rollout.ts"
import { temperatureOf } from "./sampling.ts"
import { scoreInTime } from "./score.ts"

export interface EvaluateOptions<T extends Task = Task> extends RolloutOptions<T> {
  samplesFile?: RecordFile<EvalSample>
  /** What is known of a task's question having been seen, for its records. */
  leakOf?(task: T): Leak | undefined
  /** Nobody looks for leaks, and the records of now say so. */
  leakGuard?: "off"
  /** Records of before, by id, that only lack what `leakOf` knows: written anew with it, with the score they have. */
  unguarded?: ReadonlyMap<string, EvalSample>
  /** `makerHash` of who scores, for the records of now. */
  maker?: string
  onSample?(sample: EvalSample, trajectory: Trajectory, task: T): void | Promise<void>
}

export interface Evaluation extends RolloutResult {
  /** In task order. */
  records: EvalSample[]
  /** Over samples that were scored, those without an answer included. */
  metrics: Metrics
  /** Of means that not every one of these samples has, how many have it. */
  metricSamples?: Record<string, number>
  scored: number
  unscored: number
}

export async function evaluate<T extends Task>(options: EvaluateOptions<T>): Promise<Evaluation> {
  const records: EvalSample[] = []
  const order = new Map<string, number>()
  const tasks = numbered(options.tasks, order)
  const total =
    options.total ?? (Array.isArray(options.tasks) ? options.tasks.length * (options.samples ?? 1) : undefined)
  const result = await rollout<T>({
    ...options,
    tasks,
    total,
    onTrajectory: async (trajectory, task, resumed) => {
      const known = await options.samplesFile?.get(sampleId(trajectory))
      const sample = known ?? lookedAt(trajectory, task, options) ?? (await evalSample(trajectory, task, options))
      // Waited for together: where the disk refuses, both fail, and nobody is left behind with a failure.
      if (!known) await Promise.all([options.samplesFile?.append(sample), options.samplesFile?.commit()])
      records.push(sample)
      await options.onTrajectory?.(trajectory, task, resumed)
      await options.onSample?.(sample, trajectory, task)
    },
  })
  records.sort((a, b) => order.get(a.taskId)! - order.get(b.taskId)! || a.epoch - b.epoch)
  const counted = records.filter(isScored)
  return {
    ...result,
    records,
    metrics: counted.length > 0 ? await aggregated(options.benchmark, counted) : {},
    metricSamples: options.benchmark.value.aggregate ? undefined : metricSamples(counted),
    scored: counted.length,
    unscored: records.filter((sample) => sample.status === "unscored").length,
  }
}

const aggregated = (benchmark: NamedBenchmark, samples: readonly EvalSample[]): Promise<Metrics> =>
  callPluginFor("metrics", ofBenchmark(benchmark, "aggregate"), () =>
    (benchmark.value.aggregate ?? meanMetrics)(samples.map((sample) => sample.metrics)),
  )

function metricSamples(samples: readonly EvalSample[]): Record<string, number> | undefined {
  const counts = new Map<string, number>()
  for (const { metrics } of samples)
    for (const name of Object.keys(metrics)) counts.set(name, (counts.get(name) ?? 0) + 1)
  const partial = [...counts].filter(([, count]) => count < samples.length)
  return partial.length > 0 ? Object.fromEntries(partial) : undefined
}

const sampleId = (trajectory: Trajectory): string => contentHash(["eval-sample", trajectory.id])

function lookedAt<T extends Task>(
  trajectory: Trajectory,
  task: T,
  { unguarded, leakOf }: Pick<EvaluateOptions<T>, "unguarded" | "leakOf">,
): EvalSample | undefined {
  const sample = unguarded?.get(sampleId(trajectory))
  return sample && { ...sample, leakGuard: undefined, leak: leakOf?.(task) }
}

/** The record of a trajectory as the benchmark scores it now. */
export async function evalSample<T extends Task>(
  trajectory: Trajectory,
  task: T,
  {
    benchmark,
    sampling,
    leakOf,
    leakGuard,
    maker,
    abortSignal,
  }: Pick<EvaluateOptions<T>, "benchmark" | "sampling" | "leakOf" | "leakGuard" | "maker" | "abortSignal">,
): Promise<EvalSample> {
  const sample: EvalSample = {
    schema: "swirl.eval-sample/1",
    id: sampleId(trajectory),
    taskId: trajectory.taskId,
    trajectoryId: trajectory.id,
    benchmark: trajectory.benchmark,
    split: trajectory.split,
    epoch: trajectory.epoch,
    policy: trajectory.policy,
    temperature: temperatureOf(sampling),
    seed: trajectory.seed,
    questionHash: contentHash(trajectory.question),
    promptHash: trajectory.prompt.length > 0 ? contentHash(trajectory.prompt) : undefined,
    referenceHash: referenceHash(task),
    maker,
    leakGuard,
    primaryMetric: benchmark.value.primaryMetric,
    status: "error",
    answer: trajectory.answer,
    metrics: {},
    error: trajectory.error,
    leak: leakOf?.(task),
  }
  if (trajectory.status === "error") return sample
  try {
    const scores = await scoreInTime(benchmark, task, trajectory.answer, abortSignal)
    const goldSteps = callPlugin(ofBenchmark(benchmark, "goldSteps"), () => benchmark.value.goldSteps?.(task) ?? [])
    const metrics = { ...scores, ...goldStepRecall(goldSteps, trajectory) }
    const broken = Object.entries(metrics).find(([, value]) => !Number.isFinite(value))
    if (broken) throw new Error(`the metric ${broken[0]} is ${broken[1]}`)
    return { ...sample, status: trajectory.status === "answered" ? "scored" : "limit", metrics }
  } catch (error) {
    abortSignal?.throwIfAborted()
    return { ...sample, status: "unscored", error: errorMessage(error) }
  }
}

/** Undefined where the task has no reference, or one that is no JSON. */
function referenceHash({
  answer,
  acceptedAnswers = answer === undefined ? undefined : [answer],
}: Task): string | undefined {
  try {
    return acceptedAnswers && contentHash({ answer, acceptedAnswers })
  } catch {
    return undefined
  }
}

async function* numbered<T extends Task>(
  tasks: Iterable<T> | AsyncIterable<T>,
  order: Map<string, number>,
): AsyncGenerator<T> {
  for await (const task of tasks) {
    if (!order.has(task.id)) order.set(task.id, order.size)
    yield task
  }
}
