/**
 * Worker processes for jobs that do not depend on each other. One process a slot, kept for the next job, because
 * loading plugins and backend costs a second, unless it holds much memory by then. A worker that dies fails its job; what it
 * wrote is continued next time. What is of the whole command is known here: what a server takes, and what of a budget is used.
 */
import type { ChildProcess } from "node:child_process"
import { SwirlError } from "@swirl-ts/core"
import type { Experiment, Job } from "@swirl-ts/experiment"
import {
  createPoolOwner,
  type FromPoolOwner,
  type PoolMember,
  type RequestMeter,
  type ToPoolOwner,
  type Used,
} from "@swirl-ts/kit"
import type { Progress } from "@swirl-ts/stages"
import type { ContextSettings } from "./context.ts"
import { forkModule } from "./fork-module.ts"

export interface WorkerRequest {
  settings: ContextSettings
  directory: string
  experiment: Experiment
  /** The rows that are asked for; all where absent. */
  only?: readonly string[]
  /** Absent: the plan is checked against its folders, for which policies are opened. */
  job?: Job
}
/** Resident bytes with which a process may take the next job. What a policy took goes back to the machine when its process ends. */
const mostKept = 2 * 2 ** 30
export type WorkerMessage = (WorkerRequest & { mostKept: number }) | UsedElsewhere | FromServers
/** What others of the command's processes have used, where it has a budget. */
interface UsedElsewhere {
  usedElsewhere: Used
}
/** When a server may be asked. */
interface FromServers {
  fromServers: FromPoolOwner
}
export type WorkerReply =
  | { kind: "progress"; progress: Progress }
  | { kind: "log"; line: string }
  | { kind: "used"; used: Used }
  | { kind: "to-servers"; message: ToPoolOwner }
  /** `ends`: this process takes no more jobs. */
  | { kind: "done"; ends: boolean }
  | { kind: "failed"; message: string; errorKind?: SwirlError["kind"]; ends: boolean }

export interface ProcessPool {
  run(slot: number, request: WorkerRequest): Promise<void>
  close(): void
}

export function createProcessPool(
  listen: { progress(progress: Progress): void; log(line: string): void },
  meter: Pick<RequestMeter, "add" | "used">,
  abortSignal: AbortSignal,
  options: { mostKept?: number } = {},
): ProcessPool {
  const workers = new Map<number, ChildProcess>()
  const owner = createPoolOwner({ tell: listen.log })
  const tell = (worker: ChildProcess, message: UsedElsewhere | FromServers): void => {
    if (worker.connected) worker.send(message)
  }
  const start = (slot: number): ChildProcess => {
    const worker = forkModule("./worker")
    workers.set(slot, worker)
    tell(worker, { usedElsewhere: meter.used() })
    const member = owner.admit((fromServers) => tell(worker, { fromServers }))
    // Requests may end after the job that they were of.
    worker.on("message", (reply: WorkerReply) => hear(reply, { worker, member }))
    // It may also die, or fail to start, while it has no job.
    const gone = (): void => {
      if (workers.get(slot) === worker) workers.delete(slot)
      member.gone()
    }
    worker.on("exit", gone)
    worker.on("disconnect", member.gone)
    worker.on("error", gone)
    return worker
  }
  const hear = (reply: WorkerReply, { worker, member }: { worker: ChildProcess; member: PoolMember }): void => {
    if (reply.kind === "to-servers") member.hear(reply.message)
    else if (reply.kind === "used") {
      meter.add(reply.used)
      for (const other of workers.values()) if (other !== worker) tell(other, { usedElsewhere: reply.used })
    }
  }
  const onAbort = (): void => {
    for (const worker of workers.values()) worker.kill("SIGTERM")
  }
  abortSignal.addEventListener("abort", onAbort, { once: true })
  return {
    run: (slot, request) =>
      new Promise<void>((resolve, reject) => {
        abortSignal.throwIfAborted()
        const worker = workers.get(slot) ?? start(slot)
        const whose = `The process of "${request.job?.id ?? "the plan's check"}"`
        const settle = (finish: () => void): void => {
          worker.off("message", onMessage)
          worker.off("exit", onExit)
          worker.off("error", onError)
          finish()
        }
        const onExit = (code: number | null, signal: string | null): void => {
          settle(() =>
            reject(
              abortSignal.aborted
                ? abortSignal.reason
                : new SwirlError(
                    `${whose} ended early (${signal ?? `exit code ${code}`}). The same command continues.`,
                  ),
            ),
          )
        }
        const onError = (error: Error): void =>
          settle(() => reject(new SwirlError(`${whose} cannot be reached: ${error.message}.`, { cause: error })))
        /** The next job of this slot starts when the memory of this one is there again. */
        const settleAt = ({ ends }: { ends: boolean }, finish: () => void): void => {
          if (ends && workers.get(slot) === worker) workers.delete(slot)
          const isThere = worker.exitCode === null && worker.signalCode === null
          settle(() => {
            if (ends && isThere) worker.once("exit", finish)
            else finish()
          })
        }
        const onMessage = (reply: WorkerReply): void => {
          if (reply.kind === "progress") listen.progress(reply.progress)
          else if (reply.kind === "log") listen.log(reply.line)
          else if (reply.kind === "done") settleAt(reply, resolve)
          else if (reply.kind === "failed")
            settleAt(reply, () => reject(new SwirlError(reply.message, { kind: reply.errorKind })))
        }
        worker.on("message", onMessage)
        worker.on("exit", onExit)
        worker.on("error", onError)
        worker.send({ mostKept, ...options, ...request })
      }),
    close: () => {
      abortSignal.removeEventListener("abort", onAbort)
      for (const worker of workers.values()) if (worker.connected) worker.disconnect()
      workers.clear()
    },
  }
}
