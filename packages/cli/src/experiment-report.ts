/** The report of an experiment: everything in it is read back from the records its jobs wrote. */
import { hostname } from "node:os"
import { join } from "node:path"
import { type Experiment, judgeOf, planJobs } from "@swirl-ts/experiment"
import { collectReport, type ReportData, writeReport } from "@swirl-ts/report"
import { calibrateJudge, judgeTrajectory, openJudge } from "@swirl-ts/stages"
import type { App } from "./app.ts"
import type { FinishedExperiment } from "./run-experiment.ts"
import { version } from "./version.ts"

/** The oracle that judges are calibrated on, where a benchmark has it. */
const oracle = "plan"

/** Writes `report/index.html` and returns its absolute path. */
export async function reportExperiment(
  app: App,
  directory: string,
  experiment: Experiment,
  { seconds }: FinishedExperiment,
  facts: { backend: string; closing: readonly string[]; command: string },
): Promise<string> {
  await calibrate(app, directory, experiment)
  const data = await collectReport(directory, {
    title: `${experiment.name}: ${experiment.policy}, judge ${experiment.judge}`,
  })
  return writeReport(directory, {
    ...data,
    headline: [...facts.closing],
    samples: await withVerdicts(app, directory, experiment, data.samples),
    commands: [facts.command],
    provenance: {
      ...data.provenance,
      backend: facts.backend,
      seeds: experiment.seeds.join(", "),
      "seconds of this run": seconds.toFixed(0),
      machine: `${hostname()}, ${process.platform} ${process.arch}, Node ${process.version}`,
      swirl: version,
    },
  })
}

/** The judge against the oracle on the base's own trajectories; the report reads the verdicts. */
async function calibrate(app: App, directory: string, experiment: Experiment): Promise<void> {
  if (!app.registry.has("oracles", oracle)) return
  const folders = new Set(planJobs(experiment).flatMap((job) => (job.kind === "generate" ? [job.folder] : [])))
  for (const folder of folders) {
    const context = { ...app.context, directory: join(directory, folder), onProgress: () => {} }
    await calibrateJudge(context, { ...judgeOf(experiment), oracle })
  }
}

/** Evaluated trajectories have no verdicts on record; those that are shown get the experiment's judge on every step. */
async function withVerdicts(
  app: App,
  directory: string,
  experiment: Experiment,
  samples: ReportData["samples"],
): Promise<ReportData["samples"]> {
  const { judge, options } = judgeOf(experiment)
  const opened = openJudge({ ...app.context, directory }, judge, options)
  try {
    return await Promise.all(
      samples.map(async (sample) => {
        if (sample.verdicts.length > 0) return sample
        const { benchmark, split, taskId } = sample.trajectory
        const verdicts = await judgeTrajectory(sample.trajectory, await opened.forTask(benchmark, split, taskId))
        return { ...sample, verdicts }
      }),
    )
  } finally {
    await opened.close()
  }
}
