/** What swirl submitted to a cluster, as `swirl jobs` shows and stops them: ours alone, by what each was submitted with. */
import { setTimeout as sleep } from "node:timers/promises"
import type { Host, SubmittedJob, SubmittedJobs } from "@swirl-ts/core"
import { rayAddress } from "./cluster.ts"
import { hasEnded, type JobDetails, type RayJobs, rayJobs } from "./ray/jobs.ts"

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
      const stopped = await jobs.stop(id)
      if (stopped) await untilEnded(jobs, id, abortSignal)
      return stopped
    },
  }
}

/** Seconds. */
const longestStop = 15

/** For a moment Ray says that a stopped job goes on: who gives its command again meanwhile would attach to it. */
async function untilEnded(jobs: RayJobs, id: string, signal: AbortSignal | undefined): Promise<void> {
  for (const end = performance.now() + 1000 * longestStop; performance.now() < end; ) {
    const details = await jobs.find(id)
    if (!details || hasEnded(details)) return
    await sleep(200, undefined, { signal })
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
