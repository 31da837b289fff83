/** How a job ended that did not end well, as a sentence: what, where, and what to do. */
import { SwirlError } from "@swirl-ts/core"
import type { Cluster } from "./cluster.ts"
import type { Ending } from "./follow.ts"
import { reasonIn } from "./ray/refusal.ts"

/** What the launcher says when it ends by itself begins so. */
export const launcherMark = "swirl error: "

export interface EndedJob {
  id: string
  url: string
  cluster: Pick<Cluster, "cpus" | "gpus" | "pendingMinutes">
  /** What the same command does when it is given again, as a sentence. */
  again: string
  /** How it needs less memory, as a clause. */
  lessMemory: string
  /** The last lines of its log. */
  lines: readonly string[]
}

export function endingError(ending: Ending, { id, url, cluster, again, lessMemory, lines }: EndedJob): SwirlError {
  if (ending.kind === "lost")
    return new SwirlError(
      `The Ray cluster at ${url} no longer knows the job ${id}: it was started anew, or the job was deleted. ${again}`,
    )
  if (ending.kind === "pending")
    return new SwirlError(
      `The job ${id} waited ${cluster.pendingMinutes} minutes for ${cluster.cpus} CPUs and ${cluster.gpus} GPUs on one node of ${url}, and was stopped. Ask for less (SWIRL_RAY_CPUS, SWIRL_RAY_GPUS), or wait longer (SWIRL_RAY_PENDING_MINUTES), and give the same command again.`,
    )
  const { status, message, error_type: type } = ending.details
  if (status === "STOPPED") return new SwirlError(`The job ${id} was stopped. ${again}`)
  const said = lines.findLast((line) => line.startsWith(launcherMark))?.slice(launcherMark.length)
  if (said !== undefined) return new SwirlError(`The job ${id} ended: ${said}`)
  const text = [message ?? "", ...lines].join("\n")
  if (/No space left on device|ENOSPC/i.test(text))
    return new SwirlError(`The job ${id} failed: a disk of the cluster is full. Make room there. ${again}`)
  if (/OutOfMemory|out of memory|memory_usage_threshold|OOM/.test(text))
    return new SwirlError(
      `The job ${id} was ended because a node of the cluster, or its GPU, is out of memory. Free some, or ${lessMemory}. ${again}`,
    )
  if (type === "RUNTIME_ENV_SETUP_FAILURE")
    return new SwirlError(
      `The job ${id} could not be set up on the cluster: ${reasonIn(message ?? "")} Give the same command again: its files are sent again where they are gone.`,
    )
  if (/exit code 127/.test(message ?? ""))
    return new SwirlError(
      `The job ${id} could not be started: ${lines.findLast((line) => /not found/.test(line)) ?? "its interpreter is not there"}. Name the interpreter that has the trainer, all of its path on the cluster: SWIRL_RAY_PYTHON=/…/bin/python`,
    )
  const tail = lines.slice(-8).join("\n")
  return new SwirlError(
    `The job ${id} failed (${type ?? status}). Its log ends with:\n${tail}\nMend what it names. ${again}`,
  )
}
