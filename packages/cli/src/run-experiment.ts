/** Runs an experiment's jobs in worker processes and writes matrix and report. Shared by `demo` and `matrix`. */
import type { Matrix } from "@swirl-ts/core"
import { collectMatrix, type Experiment, guardLeaks, planJobs, runJobs } from "@swirl-ts/experiment"
import type { App, CommonOptions } from "./app.ts"
import { createProcessPool } from "./process-pool.ts"

export interface FinishedExperiment {
  matrix: Matrix
  seconds: number
  /** Wall seconds of every job, in the order they ended. */
  jobs: { id: string; seconds: number }[]
}

/** `width` processes; local training uses one core each on wasm. */
export async function runExperiment(
  app: App,
  options: CommonOptions,
  directory: string,
  experiment: Experiment,
  width: number,
): Promise<FinishedExperiment> {
  const started = performance.now()
  const context = { ...app.context, directory }
  await guardLeaks(context, experiment)
  const plan = planJobs(experiment)
  const jobs: FinishedExperiment["jobs"] = []
  const pool = createProcessPool({ progress: app.output.progress, log: app.output.say }, app.abortSignal)
  try {
    await runJobs(plan, width, async (job, slot) => {
      const from = performance.now()
      await pool.run(slot, { options, directory, experiment, job })
      const seconds = (performance.now() - from) / 1000
      jobs.push({ id: job.id, seconds })
      app.output.say(`✓ ${job.id} (${seconds.toFixed(0)} s; ${jobs.length} of ${plan.length} jobs done)`)
    })
  } finally {
    pool.close()
  }
  const matrix = await collectMatrix(context, experiment)
  return { matrix, seconds: (performance.now() - started) / 1000, jobs }
}
