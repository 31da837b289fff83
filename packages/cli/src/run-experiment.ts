/** Runs an experiment's jobs in worker processes and writes matrix and report. Shared by `demo` and `matrix`. */
import { errorMessage, type Matrix } from "@swirl-ts/core"
import {
  checkPlan,
  type ExpectedWork,
  type Experiment,
  type ExperimentState,
  expectedWork,
  type FailedJob,
  guardLeaks,
  type Job,
  jobsOf,
  measureBase,
  plannedJobs,
  runJobs,
} from "@swirl-ts/experiment"
import type { CommandContext } from "./context.ts"
import { growingMatrix } from "./growing-matrix.ts"
import { createProcessPool } from "./process-pool.ts"

export interface FinishedExperiment {
  matrix: Matrix
  seconds: number
  /** Wall seconds of every job, in the order they ended. */
  jobs: { id: string; kind: Job["kind"]; seconds: number }[]
}

/** What it will take, with what a few questions of its own took; what would be refused is refused here. */
export async function planExperiment(
  context: CommandContext,
  experiment: Experiment,
  { processes, measure, only }: { processes: number; measure: number; only?: readonly string[] },
): Promise<ExpectedWork> {
  await guardLeaks(context, experiment)
  await checkPlan(context, experiment, only)
  const measured = await measureBase(context, experiment, measure).catch((error: unknown) => {
    context.abortSignal.throwIfAborted()
    context.host.log(`Nothing could be measured: ${errorMessage(error)}`)
    return measureBase(context, experiment, 0)
  })
  return expectedWork(context, experiment, measured, { processes, only })
}

/** `only`: these rows, and what they need. `width` processes; local training uses one core each on wasm. What fails is in the matrix, with its reason. */
export async function runExperiment(
  context: CommandContext,
  experiment: Experiment,
  width: number,
  { only }: { only?: readonly string[] } = {},
): Promise<FinishedExperiment> {
  const { abortSignal } = context
  const started = performance.now()
  await guardLeaks(context, experiment)
  const whole = await plannedJobs(context.directory, experiment)
  const plan = only ? jobsOf(whole, only) : whole
  const wanted = new Set(plan.map(({ id }) => id))
  const notRun = whole.flatMap(({ id }) => (wanted.has(id) ? [] : [id]))
  const jobs: FinishedExperiment["jobs"] = []
  const failed = new Map<string, FailedJob>()
  const state = (): ExperimentState => {
    const ended = new Set([...jobs.map(({ id }) => id), ...failed.keys()])
    const ids = plan.map(({ id }) => id)
    return { failed: ids.flatMap((id) => failed.get(id) ?? []), unfinished: ids.filter((id) => !ended.has(id)), notRun }
  }
  const matrix = growingMatrix(context, experiment, state)
  const evaluations = new Set(plan.filter(({ kind }) => kind === "evaluate").map(({ id }) => id))
  const onFailed = (failure: FailedJob): void => {
    failed.set(failure.job, failure)
    context.host.log(`✗ ${failure.job}: ${failure.reason}`)
    if (evaluations.has(failure.job)) matrix.grow()
  }
  const pool = createProcessPool(
    { progress: context.onProgress, log: context.say },
    context.requests.meter,
    abortSignal,
  )
  const asked = { settings: context.settings, directory: context.directory, experiment, only }
  try {
    await pool.run(0, asked)
    const run = async (job: Job, slot: number): Promise<void> => {
      const from = performance.now()
      await pool.run(slot, { ...asked, job })
      const seconds = (performance.now() - from) / 1000
      jobs.push({ id: job.id, kind: job.kind, seconds })
      context.say(`✓ ${job.id} (${seconds.toFixed(0)} s; ${jobs.length} of ${plan.length} jobs done)`)
      if (job.kind === "evaluate") matrix.grow()
    }
    await runJobs(plan, width, run, { abortSignal, onFailed })
    return { matrix: await matrix.finish(), seconds: (performance.now() - started) / 1000, jobs }
  } finally {
    pool.close()
    await matrix.end()
  }
}
