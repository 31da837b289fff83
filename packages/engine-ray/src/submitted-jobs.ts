/** What swirl submitted to a cluster, as `swirl jobs` shows and stops them: ours alone, by what each was submitted with. */
import type { Host, SubmittedJob, SubmittedJobs } from "@swirl-ts/core"
import { rayAddress } from "./cluster.ts"
import { type JobDetails, rayJobs } from "./ray/jobs.ts"

export async function submittedJobs(
  options: Readonly<Record<string, unknown>>,
  host: Host,
  abortSignal?: AbortSignal,
): Promise<SubmittedJobs> {
  const jobs = rayJobs(await rayAddress(options.url, host), abortSignal)
  const list = async (): Promise<SubmittedJob[]> =>
    (await jobs.list()).flatMap(ours).sort((a, b) => (b.startedAt ?? "").localeCompare(a.startedAt ?? ""))
  return {
    url: jobs.url,
    list,
    async stop(id) {
      if (!(await list()).some((each) => each.id === id)) return undefined
      return jobs.stop(id)
    },
  }
}

function ours({ submission_id: id, metadata, status, message, start_time, end_time }: JobDetails): SubmittedJob[] {
  if (!id || metadata?.swirl_id === undefined) return []
  return [
    {
      id,
      training: metadata.swirl_training ?? metadata.swirl_command ?? metadata.swirl_id,
      status,
      startedAt: timeOf(start_time),
      endedAt: timeOf(end_time),
      message: message ?? undefined,
    },
  ]
}

const timeOf = (milliseconds: number | null | undefined): string | undefined =>
  milliseconds ? new Date(milliseconds).toISOString() : undefined
