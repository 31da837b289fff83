/** Runs an experiment's jobs in worker processes and writes matrix and report. Shared by `demo` and `matrix`. */
import type { Matrix } from "@swirl-ts/core"
import {
  checkPlan,
  collectMatrix,
  type Experiment,
  guardLeaks,
  type Job,
  planJobs,
  runJobs,
} from "@swirl-ts/experiment"
import type { CommandContext } from "./context.ts"
import { createProcessPool } from "./process-pool.ts"

export interface FinishedExperiment {
  matrix: Matrix
  seconds: number
  /** Wall seconds of every job, in the order they ended. */
  jobs: { id: string; kind: Job["kind"]; seconds: number }[]
}

/** `width` processes; local training uses one core each on wasm. */
export async function runExperiment(
  context: CommandContext,
  experiment: Experiment,
  width: number,
): Promise<FinishedExperiment> {
  const started = performance.now()
  await guardLeaks(context, experiment)
  await checkPlan(context, experiment)
  const plan = planJobs(experiment)
  const jobs: FinishedExperiment["jobs"] = []
  const pool = createProcessPool({ progress: context.onProgress, log: context.say }, context.abortSignal)
  try {
    await runJobs(plan, width, async (job, slot) => {
      const from = performance.now()
      await pool.run(slot, { settings: context.settings, directory: context.directory, experiment, job })
      const seconds = (performance.now() - from) / 1000
      jobs.push({ id: job.id, kind: job.kind, seconds })
      context.say(`✓ ${job.id} (${seconds.toFixed(0)} s; ${jobs.length} of ${plan.length} jobs done)`)
    })
  } finally {
    pool.close()
  }
  const matrix = await collectMatrix(context, experiment)
  return { matrix, seconds: (performance.now() - started) / 1000, jobs }
}
