/**
 * A part of a plan: the jobs of some rows, and what they need, so that a table grows row by row. What is left out is not run
 * now; whether it has ended before, its records say.
 */
import { SwirlError, suggestion } from "@swirl-ts/core"
import type { Job } from "./plan.ts"

/** `names`: rows, `generate` or `judge`; throws a usage error for a name that no job has. */
export function jobsOf(jobs: readonly Job[], names: readonly string[]): Job[] {
  const nameOf = (job: Job): string =>
    job.kind === "train" ? job.training.name : job.kind === "evaluate" ? job.row : job.kind
  const known = [...new Set(jobs.map(nameOf))]
  const unknown = names.find((name) => !known.includes(name))
  if (unknown !== undefined)
    throw new SwirlError(
      `The experiment has no row "${unknown}".${suggestion(unknown, known)} It has ${known.join(", ")}.`,
      { kind: "usage" },
    )
  const wanted = new Set<string>()
  const want = (id: string): void => {
    if (wanted.has(id)) return
    wanted.add(id)
    for (const need of jobs.find((job) => job.id === id)?.needs ?? []) want(need)
  }
  for (const job of jobs) if (names.includes(nameOf(job))) want(job.id)
  return jobs
    .filter(({ id }) => wanted.has(id))
    .map((job) => ({ ...job, after: job.after?.filter((each) => wanted.has(each)) }))
}
