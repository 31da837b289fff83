/** The report of an experiment: everything in it is read back from the records its jobs wrote. */
import { hostname } from "node:os"
import { join } from "node:path"
import { errorMessage } from "@swirl-ts/core"
import { type Experiment, judgeOf, planJobs } from "@swirl-ts/experiment"
import { writeReport } from "@swirl-ts/report"
import { calibrateJudge, oraclesOf } from "@swirl-ts/stages"
import type { CommandContext } from "./context.ts"
import type { FinishedExperiment } from "./run-experiment.ts"
import { version } from "./version.ts"
import { withViewerFacts } from "./viewer-facts.ts"

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
  const { directory } = context
  await orLeftOut(context, "The judge could not be measured against oracles", () => calibrate(context, experiment))
  const { path, summary } = await withViewerFacts(context, (own) =>
    writeReport(directory, {
      ...own,
      notes: {
        title: `${experiment.name}: ${experiment.policy}, judge ${experiment.judge}`,
        remarks: [...(facts.notes ?? [])],
        commands: [facts.command],
        provenance: {
          backend: facts.backend,
          seeds: experiment.seeds.join(", "),
          "seconds of this run": seconds.toFixed(0),
          machine: `${hostname()}, ${process.platform} ${process.arch}, Node ${process.version}`,
          swirl: version,
        },
      },
    }),
  )
  return { path, headline: summary.headline }
}

/** A judge that cannot be asked leaves a part of the report out, never the whole of it. */
async function orLeftOut(context: CommandContext, what: string, make: () => Promise<void>): Promise<void> {
  try {
    await make()
  } catch (error) {
    context.abortSignal.throwIfAborted()
    context.host.log(`${what}: ${errorMessage(error)}`)
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
