/**
 * A training as Ray jobs, one after another. Invariants: the folder's record of a submission is written before it is sent; an id
 * is asked for before it is used; while a job of this training goes on there is no second one; one that ended before its last
 * step is followed by another from the newest checkpoint, when the command is given again.
 */
import { existsSync, readdirSync } from "node:fs"
import { join } from "node:path"
import {
  errorMessage,
  type Host,
  MetricSchema,
  SwirlError,
  type TrainingJob,
  type TrainingResult,
} from "@swirl-ts/core"
import { parseJson, readOptions, writeFileAtomic } from "@swirl-ts/kit"
import { type Attempts, openAttempts } from "./attempts.ts"
import { type Cluster, rayAddress, readCluster } from "./cluster.ts"
import { endingError, launcherMark } from "./ending.ts"
import { EngineSettingsSchema } from "./engine-settings.ts"
import { follow } from "./follow.ts"
import { launchers } from "./launch/launchers.ts"
import { hasEnded, type RayJobs, rayJobs } from "./ray/jobs.ts"
import type { RayAddress } from "./ray/request.ts"
import { type WorkingDirectory, workingDirectory } from "./working-directory.ts"

export async function trainOnRay(
  job: TrainingJob,
  options: Readonly<Record<string, unknown>>,
  host: Host,
  ofPlugin: unknown,
): Promise<TrainingResult> {
  const settings = readOptions("engine ray", EngineSettingsSchema, options)
  const cluster = readCluster(ofPlugin, host)
  const iterations = Number(job.settings.iterations)
  const checkpoint = (step: number): string => join(job.directory, "checkpoints", String(step))
  const { files, entrypoint, gpus } = launchers[settings.launcher](job, settings, cluster)
  const directory = workingDirectory(files)
  const attempts = await openAttempts(job.directory, job.id)
  const done = newestStep(job.directory)
  if (done !== undefined && done >= iterations) return { checkpoint: checkpoint(done), steps: done, alarms: [] }
  const address = await rayAddress(options.url, host)
  const jobs = rayJobs(address, job.abortSignal)
  if (job.judge) await writeFileAtomic(join(job.directory, "job", "judge-address"), `${job.judge.url}\n`)
  const id =
    (await attached(job, address, attempts, directory)) ??
    (await submitted(job, jobs, attempts, { cluster, entrypoint, gpus, directory }))
  const ending = await followed(job, address, id, { cluster, iterations })
  const newest = newestStep(job.directory)
  const isWell = ending.kind === "ended" && ending.details.status === "SUCCEEDED"
  if (!isWell) {
    const error = endingError(ending, { id, url: jobs.url, cluster, newest, lines: ending.lines })
    const status = ending.kind === "ended" ? ending.details.status : ending.kind.toUpperCase()
    await attempts.change({ status, message: error.message, endedAt: new Date().toISOString() })
    throw error
  }
  const isOther = attempts.last?.files !== directory.name
  await attempts.change({ status: "SUCCEEDED", endedAt: new Date().toISOString() })
  if (newest !== undefined && newest >= iterations) return { checkpoint: checkpoint(newest), steps: newest, alarms: [] }
  // It had been asked for fewer steps than this command asks for.
  if (isOther) return trainOnRay(job, options, host, ofPlugin)
  throw new SwirlError(
    `The job ${id} ended well, but ${join(job.directory, "checkpoints")} holds ${newest === undefined ? "no checkpoint" : `step ${newest} of ${iterations}`}. Client and cluster have to share that folder: name one on shared storage by --run.`,
  )
}

/** Of the job: lines that come at once, and no progress bars among them. */
const quiet = {
  PYTHONUNBUFFERED: "1",
  PYTHONWARNINGS: "ignore::FutureWarning",
  HF_HUB_DISABLE_PROGRESS_BARS: "1",
  TQDM_DISABLE: "1",
}

/** The step of the newest complete checkpoint. */
function newestStep(directory: string): number | undefined {
  const folder = join(directory, "checkpoints")
  if (!existsSync(folder)) return undefined
  const steps = readdirSync(folder).filter((name) => /^\d+$/.test(name))
  return steps.length > 0 ? Math.max(...steps.map(Number)) : undefined
}

/** The id of the training's job that has not been seen to end, where a cluster still has it; undefined where there is none. */
async function attached(
  { log, abortSignal, judge }: TrainingJob,
  address: RayAddress,
  attempts: Attempts,
  { name }: WorkingDirectory,
): Promise<string | undefined> {
  const { last } = attempts
  if (!last || last.endedAt !== undefined) return undefined
  const { submissionId: id, submittedAt, url } = last
  const over = (status: string, message?: string | null): Promise<void> =>
    attempts.change({ status, message: message ?? undefined, endedAt: new Date().toISOString() })
  const details = await rayJobs(address, abortSignal).find(id)
  if (!details) {
    if (url !== address.url && (await goesOn({ ...address, url }, id, abortSignal)))
      throw new SwirlError(
        `The job ${id} of this training goes on at ${url}. Attach to it there (--engine-url ${url}), or stop it first: swirl jobs --engine-url ${url} --stop ${id}`,
        { kind: "usage" },
      )
    log(`The cluster at ${address.url} does not know the job ${id} of ${submittedAt}: it is lost, or was never taken.`)
    await over("LOST")
    return undefined
  }
  if (hasEnded(details) && details.status !== "SUCCEEDED") {
    log(`The job ${id} has ended meanwhile: ${details.status}.`)
    await over(details.status, details.message)
    return undefined
  }
  if (last.files !== name && !hasEnded(details))
    log("It was submitted with other settings or for another folder; it ends with those first.")
  log(
    `Attached to the job ${id} at ${address.url} (${details.status}).${judge?.isAttached ? " Its judge is here again." : ""}`,
  )
  return id
}

/** False, too, where nobody answers. */
async function goesOn(address: RayAddress, id: string, abortSignal: AbortSignal | undefined): Promise<boolean> {
  try {
    const details = await rayJobs(address, abortSignal).find(id)
    return details !== undefined && !hasEnded(details)
  } catch {
    abortSignal?.throwIfAborted()
    return false
  }
}

async function submitted(
  job: TrainingJob,
  jobs: RayJobs,
  attempts: Attempts,
  {
    cluster,
    entrypoint,
    gpus,
    directory,
  }: { cluster: Cluster; entrypoint: string; gpus: number; directory: WorkingDirectory },
): Promise<string> {
  const version = await jobs.version()
  if (!(await jobs.hasPackage(directory.name))) await jobs.upload(directory.name, directory.bytes)
  const submissionId = `swirl-${job.id}-${attempts.count + 1}`
  await attempts.add({ submissionId, files: directory.name, url: jobs.url, submittedAt: new Date().toISOString() })
  // Somebody else's, or of a record that was lost.
  const known = await jobs.find(submissionId)
  if (!known) {
    await jobs.submit({
      entrypoint,
      submission_id: submissionId,
      runtime_env: { working_dir: directory.uri, env_vars: quiet },
      metadata: { swirl_training: job.name, swirl_id: job.id },
      entrypoint_num_cpus: cluster.cpus,
      ...(gpus > 0 ? { entrypoint_num_gpus: gpus } : {}),
    })
    job.log(
      `Submitted ${submissionId} to Ray ${version} at ${jobs.url} (${(directory.bytes.length / 1024).toFixed(0)} KB of files).`,
    )
  } else job.log(`Attached to the job ${submissionId} at ${jobs.url}, which is there already (${known.status}).`)
  return submissionId
}

async function followed(
  job: TrainingJob,
  address: RayAddress,
  id: string,
  { cluster, iterations }: { cluster: Cluster; iterations: number },
) {
  const jobs = rayJobs(address, job.abortSignal)
  const { log, abortSignal } = job
  const lines: string[] = []
  const onLine = (line: string): void => {
    const metric = /^swirl metric: (.*)$/.exec(line)?.[1]
    if (metric !== undefined) {
      const { data } = MetricSchema.safeParse(parseJson(metric))
      if (data) job.onMetric?.(data, { steps: iterations })
      return
    }
    lines.push(line)
    if (lines.length > 200) lines.shift()
    // It is said when the job has ended.
    if (!line.startsWith(launcherMark)) log(line)
  }
  const onStatus = (status: string): void => log(`The job is ${status}.`)
  try {
    return { ...(await follow(jobs, id, { ...cluster, onLine, onStatus, log, abortSignal })), lines }
  } catch (error) {
    if (!abortSignal?.aborted)
      throw new SwirlError(
        `${errorMessage(error)} The job ${id} may go on all the same; the same command attaches to it again.`,
        { cause: error },
      )
    await interrupted(log, address, id, cluster)
    throw error
  }
}

/** Ctrl-C: the job goes on, unless it was said that it should not. */
async function interrupted(
  log: (line: string) => void,
  address: RayAddress,
  id: string,
  cluster: Cluster,
): Promise<void> {
  const { url } = address
  const stop = `To stop it: swirl jobs --engine-url ${url} --stop ${id}, or the same command with SWIRL_RAY_ON_INTERRUPT=stop, and Ctrl-C.`
  if (cluster.onInterrupt === "detach")
    return log(`Let go of the job ${id}: it goes on at ${url}, and the same command attaches to it again. ${stop}`)
  try {
    const isStopped = await rayJobs(address).stop(id)
    log(isStopped ? `Stopped ${id}; the same command goes on from the newest checkpoint.` : `${id} had ended.`)
  } catch (error) {
    log(`The job ${id} could not be stopped: ${errorMessage(error)} ${stop}`)
  }
}
