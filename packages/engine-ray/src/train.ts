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
import { openAttempts } from "./attempts.ts"
import { type Cluster, rayAddress, readCluster } from "./cluster.ts"
import { endingError, launcherMark } from "./ending.ts"
import { EngineSettingsSchema } from "./engine-settings.ts"
import { follow } from "./follow.ts"
import { launchers } from "./launch/launchers.ts"
import { letGo } from "./let-go.ts"
import { rayJobs } from "./ray/jobs.ts"
import type { RayAddress } from "./ray/request.ts"
import { attachedOrSubmitted } from "./submit.ts"
import { workingDirectory } from "./working-directory.ts"

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
  if (job.judge) await writeFileAtomic(join(job.directory, "job", "judge-address"), `${job.judge.url}\n`)
  const id = await attachedOrSubmitted(
    {
      log: job.log,
      abortSignal: job.abortSignal,
      attachedNote: job.judge?.isAttached ? " Its judge is here again." : undefined,
      submission: {
        entrypoint,
        runtime_env: { working_dir: directory.uri, env_vars: quiet },
        metadata: { swirl_training: job.name, swirl_id: job.id },
        entrypoint_num_cpus: cluster.cpus,
        ...(gpus > 0 ? { entrypoint_num_gpus: gpus } : {}),
      },
      directory,
    },
    address,
    attempts,
  )
  const ending = await followed(job, address, id, { cluster, iterations })
  const newest = newestStep(job.directory)
  const isWell = ending.kind === "ended" && ending.details.status === "SUCCEEDED"
  if (!isWell) {
    const again = `Give the same command again: it goes on from the newest checkpoint${newest === undefined ? ", or begins, where there is none yet." : ` (step ${newest}).`}`
    const lessMemory = "compute fewer rows at once (SWIRL_RAY_ROWS_AT_ONCE)"
    const error = endingError(ending, { id, url: address.url, cluster, again, lessMemory, lines: ending.lines })
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
    await letGo([id], { log, address, cluster, again: "the same command goes on from the newest checkpoint" })
    throw error
  }
}
