/**
 * A job, looked at until it has ended. Its log is polled (the socket for it closes at once on a job that waits), and what is new
 * of it is told line by line. A cluster that does not answer is waited for; one that no longer knows the job has lost it.
 */
import { setTimeout as sleep } from "node:timers/promises"
import { errorMessage } from "@swirl-ts/core"
import { HttpError, isTransient } from "@swirl-ts/kit"
import type { Cluster } from "./cluster.ts"
import { hasEnded, type JobDetails, type RayJobs } from "./ray/jobs.ts"

export interface FollowOptions extends Pick<Cluster, "pollSeconds" | "pendingMinutes" | "patienceMinutes"> {
  /** Each line once, in order, when it is whole. */
  onLine(line: string): void
  onStatus?(status: JobDetails["status"]): void
  /** While this holds, waiting for resources is no failure: others of the same work have them, and give them back. */
  mayWait?(): boolean
  log(line: string): void
  abortSignal?: AbortSignal
}

export type Ending =
  | { kind: "ended"; details: JobDetails }
  /** It waited longer for its resources than it may, and was stopped. */
  | { kind: "pending" }
  /** The cluster knows no such job. */
  | { kind: "lost" }

/** Throws by an abort, and where the cluster was not there for too long: the job may go on all the same. */
export async function follow(jobs: RayJobs, id: string, options: FollowOptions): Promise<Ending> {
  const { pollSeconds, pendingMinutes, patienceMinutes, log, abortSignal } = options
  const lines = newLines(options.onLine)
  let status: JobDetails["status"] | undefined
  let away: number | undefined
  let pendingSince: number | undefined
  for (;;) {
    abortSignal?.throwIfAborted()
    try {
      const details = await jobs.find(id)
      if (away !== undefined) log("The cluster answers again.")
      away = undefined
      if (!details) return { kind: "lost" }
      if (details.status !== status) options.onStatus?.(details.status)
      status = details.status
      // After the status, so that the log of an ended job is whole.
      if (status !== "PENDING") lines.take(await jobs.logs(id), hasEnded(details))
      if (hasEnded(details)) return { kind: "ended", details }
      if (status === "PENDING" && !options.mayWait?.()) pendingSince ??= performance.now()
      else pendingSince = undefined
      // By our own watch: the cluster's clock may be hours away from ours.
      if (pendingSince !== undefined && performance.now() - pendingSince > pendingMinutes * 60_000) {
        await jobs.stop(id)
        return { kind: "pending" }
      }
    } catch (error) {
      abortSignal?.throwIfAborted()
      if (!isTransient(error) && !isAway(error)) throw error
      if (away === undefined) log(`${errorMessage(error)} It is waited for.`)
      away ??= performance.now()
      if (performance.now() - away > patienceMinutes * 60_000) throw error
    }
    // A long log comes whole each time: it is asked for less often.
    await sleep(Math.min(30, pollSeconds + lines.length / 1e6) * 1000, undefined, { signal: abortSignal }).catch(() =>
      abortSignal?.throwIfAborted(),
    )
  }
}

/** Where retries were given up: no answer ever came. */
function isAway(error: unknown): boolean {
  const cause = (error as { cause?: unknown } | null)?.cause
  return cause instanceof HttpError && cause.isRetryable
}

/** The lines of a text that grows, each once. Progress bars write over themselves: of such a line its last state counts. */
function newLines(tell: (line: string) => void) {
  let told = 0
  return {
    get length() {
      return told
    },
    take(text: string, isWhole: boolean): void {
      const end = isWhole ? text.length : text.lastIndexOf("\n") + 1
      if (end <= told) return
      const fresh = text.slice(told, end)
      told = end
      for (const line of fresh.split("\n")) {
        const shown = line.split("\r").findLast((part) => part.trim() !== "")
        if (shown !== undefined) tell(shown.trimEnd())
      }
    },
  }
}
