/**
 * Jobs at once, in plan order, each once all it needs are done. A job that fails is a result with a reason: those that need
 * it are not run and say why, all others are. Only an abort ends it before its end.
 */
import { errorMessage } from "@swirl-ts/core"
import type { Job } from "./plan.ts"

export interface FailedJob {
  job: string
  /** What went wrong, or which job failed that this one needs. */
  reason: string
}

export interface RunJobsOptions {
  abortSignal?: AbortSignal
  /** Told of each at once; a job that is not run counts as failed. */
  onFailed?(failed: FailedJob): void
}

/** `run` gets the number of the free slot of `width`, so that a process can be kept for each. */
export async function runJobs(
  jobs: readonly Job[],
  width: number,
  run: (job: Job, slot: number) => Promise<void>,
  { abortSignal, onFailed = () => {} }: RunJobsOptions = {},
): Promise<void> {
  const done = new Set<string>()
  const failed = new Map<string, FailedJob>()
  /** Of a job that was not run: the one that went wrong. */
  const causes = new Map<string, string>()
  let waiting = [...jobs]
  const running = new Map<number, Promise<void>>()
  const fail = (job: string, reason: string): void => {
    failed.set(job, { job, reason })
    onFailed({ job, reason })
  }
  const leaveOut = (job: Job): boolean => {
    const need = job.needs.find((each) => failed.has(each))
    if (need === undefined) return false
    const cause = causes.get(need) ?? need
    causes.set(job.id, cause)
    fail(job.id, `not run, because "${cause}" failed: ${failed.get(cause)!.reason}`)
    return true
  }
  while ((waiting.length > 0 && !abortSignal?.aborted) || running.size > 0) {
    waiting = waiting.filter((job) => !leaveOut(job))
    for (let slot = 0; slot < width && !abortSignal?.aborted; slot++) {
      if (running.has(slot)) continue
      const job = waiting.find(
        ({ needs, after = [] }) =>
          needs.every((need) => done.has(need)) && after.every((each) => done.has(each) || failed.has(each)),
      )
      if (!job) break
      waiting = waiting.filter((each) => each !== job)
      running.set(
        slot,
        run(job, slot)
          .then(
            () => void done.add(job.id),
            // What an abort ended has not failed.
            (error: unknown) => void (abortSignal?.aborted || fail(job.id, errorMessage(error))),
          )
          .finally(() => running.delete(slot)),
      )
    }
    if (running.size === 0) break
    await Promise.race(running.values())
  }
  abortSignal?.throwIfAborted()
  if (waiting.length > 0) throw new Error(`jobs wait for each other: ${waiting.map((job) => job.id).join(", ")}`)
}
