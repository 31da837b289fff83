/**
 * Commands of swirl as Ray jobs, one a command: those that have ended well are left alone, those that go on are attached to, the
 * others are submitted, one after another, and all are followed at once. A command's own folder holds `job.json`.
 */
import { existsSync } from "node:fs"
import { join } from "node:path"
import { type CommandFailure, type CommandJob, errorMessage, type Host } from "@swirl-ts/core"
import { readOptions } from "@swirl-ts/kit"
import { z } from "zod"
import { type Attempts, openAttempts } from "./attempts.ts"
import { type Cluster, rayAddress, readCluster } from "./cluster.ts"
import { commandEntrypoint, commandFiles } from "./command-script.ts"
import { endingError, launcherMark } from "./ending.ts"
import { follow } from "./follow.ts"
import { letGo } from "./let-go.ts"
import { rayJobs } from "./ray/jobs.ts"
import type { RayAddress } from "./ray/request.ts"
import { attachedOrSubmitted } from "./submit.ts"
import { type WorkingDirectory, workingDirectory } from "./working-directory.ts"

interface Ordered {
  command: CommandJob
  attempts: Attempts
  directory: WorkingDirectory
}

interface Followed {
  address: RayAddress
  cluster: Cluster
  /** Ids of jobs that have not been seen to end, and of those the ones that hold their resources. */
  open: Set<string>
  running: Set<string>
  abortSignal?: AbortSignal
}

const OptionsSchema = z.strictObject({ url: z.string().optional() })

export async function runOnRay(
  commands: readonly CommandJob[],
  options: Readonly<Record<string, unknown>>,
  { host, ofPlugin, abortSignal }: { host: Host; ofPlugin: unknown; abortSignal?: AbortSignal },
): Promise<CommandFailure[]> {
  const { url } = readOptions("engine ray", OptionsSchema, options)
  const cluster = readCluster(ofPlugin, host)
  const ordered: Ordered[] = []
  for (const command of commands) {
    const directory = workingDirectory(commandFiles(command))
    const attempts = await openAttempts(command.directory, command.id)
    if (!hasEndedWell(command, attempts, directory)) ordered.push({ command, attempts, directory })
  }
  if (ordered.length === 0) return []
  const address = await rayAddress(url, host)
  // What keeps everybody from asking it is said once.
  await rayJobs(address, abortSignal).version()
  const followed: Followed = { address, cluster, open: new Set(), running: new Set(), abortSignal }
  try {
    const failures: Promise<string | undefined>[] = []
    for (const [place, each] of ordered.entries()) {
      try {
        const id = await begun(each, followed)
        failures.push(failureOf(id, each, followed))
      } catch (error) {
        abortSignal?.throwIfAborted()
        if (place === 0) throw error
        failures.push(Promise.resolve(errorMessage(error)))
      }
    }
    const messages = await Promise.all(failures)
    abortSignal?.throwIfAborted()
    return messages.flatMap((message, place) =>
      message === undefined ? [] : [{ id: ordered[place]!.command.id, message }],
    )
  } catch (error) {
    if (abortSignal?.aborted) {
      const again = "the same command goes on where it was"
      await letGo([...followed.open], { log: host.log, address, cluster, again })
    }
    throw error
  }
}

/** As it is asked for now, and with what it left. */
const hasEndedWell = (command: CommandJob, { last }: Attempts, { name }: WorkingDirectory): boolean =>
  last?.status === "SUCCEEDED" && last.files === name && hasBegun(command)

const hasBegun = ({ directory }: CommandJob): boolean => existsSync(join(directory, "run.json"))

async function begun(
  { command, attempts, directory }: Ordered,
  { address, cluster, open, abortSignal }: Followed,
): Promise<string> {
  const { cpus, gpus, swirl } = cluster
  const submission = {
    entrypoint: commandEntrypoint(command, swirl),
    runtime_env: { working_dir: directory.uri, env_vars: {} },
    metadata: { swirl_command: command.name, swirl_id: command.id },
    // With resources of its own Ray runs it on any node that has them; without, on the head.
    entrypoint_num_cpus: cpus,
    ...(gpus > 0 ? { entrypoint_num_gpus: gpus } : {}),
  }
  const id = await attachedOrSubmitted({ log: command.log, abortSignal, submission, directory }, address, attempts)
  open.add(id)
  return id
}

/** Follows the job to its end; undefined where that is good, or where it was let go of. */
async function failureOf(id: string, ordered: Ordered, followed: Followed): Promise<string | undefined> {
  const { command, attempts, directory } = ordered
  const { address, cluster, open, running, abortSignal } = followed
  const lines: string[] = []
  const onLine = (line: string): void => {
    lines.push(line)
    if (lines.length > 200) lines.shift()
    // It is said when the job has ended.
    if (!line.startsWith(launcherMark)) command.log(line)
  }
  try {
    const ending = await follow(rayJobs(address, abortSignal), id, {
      ...cluster,
      log: command.log,
      abortSignal,
      onLine,
      onStatus: (status) => {
        command.log(`The job is ${status}.`)
        if (status === "RUNNING") running.add(id)
        else running.delete(id)
      },
      mayWait: () => running.size > 0,
    })
    open.delete(id)
    running.delete(id)
    const isWell = ending.kind === "ended" && ending.details.status === "SUCCEEDED"
    // It had been asked for something else.
    const isOther = attempts.last?.files !== directory.name
    const failure =
      isWell && !isOther && !hasBegun(command)
        ? `The job ${id} ended well, but ${command.directory} holds no run.json. Client and cluster have to share that folder: name one on shared storage by --run.`
        : undefined
    const error = isWell ? failure : failureIn(ending, { id, address, cluster, lines })
    const status = ending.kind === "ended" ? ending.details.status : ending.kind.toUpperCase()
    await attempts.change({ status, message: error, endedAt: new Date().toISOString() })
    if (isWell && isOther) return await failureOf(await begun(ordered, followed), ordered, followed)
    return error
  } catch (error) {
    running.delete(id)
    if (abortSignal?.aborted) return undefined
    return `${errorMessage(error)} The job ${id} may go on all the same; the same command attaches to it again.`
  }
}

function failureIn(
  ending: Awaited<ReturnType<typeof follow>>,
  { id, address: { url }, cluster, lines }: Pick<Followed, "address" | "cluster"> & { id: string; lines: string[] },
): string {
  if (ending.kind === "ended" && ending.details.driver_exit_code === 3)
    return `The job ${id} ended with samples that have an error or no score. Give the same command again: it asks for these again.`
  const again = "Give the same command again: it goes on where it was."
  const lessMemory = "have fewer at once (--concurrency)"
  return endingError(ending, { id, url, cluster, again, lessMemory, lines }).message
}
