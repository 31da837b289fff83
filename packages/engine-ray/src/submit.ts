/**
 * Work that is one job at a time: the one that goes on is attached to; where there is none, the next is submitted. Invariants:
 * the folder's record of a submission is written before it is sent; an id is asked for before it is used.
 */
import { SwirlError } from "@swirl-ts/core"
import type { Attempts } from "./attempts.ts"
import { hasEnded, type RayJobs, rayJobs, type Submission } from "./ray/jobs.ts"
import type { RayAddress } from "./ray/request.ts"
import type { WorkingDirectory } from "./working-directory.ts"

export interface Work {
  log(line: string): void
  abortSignal?: AbortSignal
  /** Said behind the sentence that it was attached to; begins with a space. */
  attachedNote?: string
  submission: Omit<Submission, "submission_id">
  directory: WorkingDirectory
}

/** The id of the job. */
export async function attachedOrSubmitted(work: Work, address: RayAddress, attempts: Attempts): Promise<string> {
  return (await attached(work, address, attempts)) ?? submitted(work, rayJobs(address, work.abortSignal), attempts)
}

/** The id of a job that has not been seen to end, where a cluster still has it; undefined where there is none. */
async function attached(
  { log, abortSignal, attachedNote = "", directory: { name } }: Work,
  address: RayAddress,
  attempts: Attempts,
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
        `The job ${id} goes on at ${url}. Attach to it there (--engine-url ${url}), or stop it first: swirl jobs --engine-url ${url} --stop ${id}`,
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
  log(`Attached to the job ${id} at ${address.url} (${details.status}).${attachedNote}`)
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

async function submitted({ log, submission, directory }: Work, jobs: RayJobs, attempts: Attempts): Promise<string> {
  const version = await jobs.version()
  if (!(await jobs.hasPackage(directory.name))) await jobs.upload(directory.name, directory.bytes)
  const { id, known } = await freeId(jobs, attempts)
  await attempts.add({
    submissionId: id,
    files: directory.name,
    url: jobs.url,
    submittedAt: new Date().toISOString(),
  })
  if (known) log(`Attached to the job ${id} at ${jobs.url}, which is there already (${known}).`)
  else {
    await jobs.submit({ ...submission, submission_id: id })
    log(`Submitted ${id} to Ray ${version} at ${jobs.url} (${(directory.bytes.length / 1024).toFixed(0)} KB of files).`)
  }
  return id
}

/** The next id, or one of a record that was lost whose job goes on (`known`: its status); those that ended are passed over. */
async function freeId(jobs: RayJobs, attempts: Attempts): Promise<{ id: string; known?: string }> {
  for (let number = attempts.count + 1; ; number++) {
    const id = `swirl-${attempts.id}-${number}`
    const details = await jobs.find(id)
    if (!details) return { id }
    if (!hasEnded(details)) return { id, known: details.status }
  }
}
