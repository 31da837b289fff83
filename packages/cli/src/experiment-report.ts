/** The report of an experiment: everything in it is read back from the records its jobs wrote. */
import { hostname } from "node:os"
import { join } from "node:path"
import { errorMessage } from "@swirl-ts/core"
import { type Experiment, judgeOf, planJobs } from "@swirl-ts/experiment"
import { collectReport, type ReportData, writeReport } from "@swirl-ts/report"
import { calibrateJudge, judgeTrajectory, openJudge, oraclesOf } from "@swirl-ts/stages"
import type { CommandContext } from "./context.ts"
import { recordFacts } from "./record-facts.ts"
import type { FinishedExperiment } from "./run-experiment.ts"
import { version } from "./version.ts"

export interface ExperimentReport {
  /** Absolute, of `report/index.html`. */
  path: string
  /** The sentences that the page begins with. */
  headline: string[]
}

/** Writes `report/index.html`. `notes` are said after what the numbers say. */
export async function reportExperiment(
  context: CommandContext,
  experiment: Experiment,
  { seconds }: Pick<FinishedExperiment, "seconds">,
  facts: { backend: string; command: string; notes?: readonly string[] },
): Promise<ExperimentReport> {
  const { directory, registry } = context
  await orLeftOut(context, "The judge could not be measured against oracles", undefined, () =>
    calibrate(context, experiment),
  )
  const data = await collectReport(directory, {
    ...recordFacts(registry),
    title: `${experiment.name}: ${experiment.policy}, judge ${experiment.judge}`,
  })
  const headline = [...data.headline, ...(facts.notes ?? [])]
  const path = await writeReport(directory, {
    ...data,
    headline,
    samples: await orLeftOut(context, "Samples are shown without verdicts", data.samples, () =>
      withVerdicts(context, experiment, data.samples),
    ),
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
  return { path, headline }
}

/** A judge that cannot be asked leaves a part of the report out, never the whole of it. */
async function orLeftOut<T>(context: CommandContext, what: string, without: T, make: () => Promise<T>): Promise<T> {
  try {
    return await make()
  } catch (error) {
    context.abortSignal.throwIfAborted()
    context.host.log(`${what}: ${errorMessage(error)}`)
    return without
  }
}

/** The judge against the oracles of each benchmark, on the base's own trajectories; the report reads the verdicts. */
async function calibrate(context: CommandContext, experiment: Experiment): Promise<void> {
  const generated = planJobs(experiment).flatMap((job) => (job.kind === "generate" ? [job] : []))
  for (const { folder, benchmark } of generated) {
    const own = { ...context, directory: join(context.directory, folder), onProgress: () => {} }
    for (const oracle of oraclesOf(context.registry, [benchmark]))
      await calibrateJudge(own, { ...judgeOf(experiment), oracle })
  }
}

/** Of evaluated trajectories few have verdicts on record, if any; the others that are shown get the experiment's judge on every step. */
async function withVerdicts(
  context: CommandContext,
  experiment: Experiment,
  samples: ReportData["samples"],
): Promise<ReportData["samples"]> {
  const { judge, options } = judgeOf(experiment)
  const opened = openJudge(context, judge, options)
  try {
    return await Promise.all(
      samples.map(async (sample) => {
        if (sample.verdicts.length > 0) return sample
        const verdicts = await judgeTrajectory(sample.trajectory, await opened.forTask(sample.trajectory))
        return { ...sample, verdicts }
      }),
    )
  } finally {
    await opened.close()
  }
}
