/**
 * The jobs of an experiment in its folder. A run of other seeds may have measured the base and the references before: they go on
 * with the seed of their records.
 */
import { join } from "node:path"
import { type RunSpec, readRun } from "@swirl-ts/store"
import { baseRow, type Experiment } from "./experiment.ts"
import { jobsOf } from "./only.ts"
import { type Job, planJobs } from "./plan.ts"

/** `only`: those of these rows, and what they need. */
export async function plannedJobs(directory: string, experiment: Experiment, only?: readonly string[]): Promise<Job[]> {
  const standing = new Map<string, number>()
  for (const row of [baseRow, ...experiment.references.map(({ name }) => name)]) {
    const spec = (await readRun(join(directory, row)))?.spec as RunSpec | undefined
    const [, measured] = Object.entries(spec ?? {}).find(([stage]) => stage.startsWith("eval/")) ?? []
    if (typeof measured?.seed === "number") standing.set(row, measured.seed)
  }
  const jobs = planJobs(experiment, standing)
  return only ? jobsOf(jobs, only) : jobs
}
