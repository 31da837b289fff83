/**
 * `job.json` of a folder that a job fills: every submission of it, written before it is sent. Jobs are gone with their cluster, and an
 * id that was used cannot be used again; what is known of them stands here.
 */
import { join } from "node:path"
import { SwirlError, schemaProblems, type TrainingJobRecord, TrainingJobSchema } from "@swirl-ts/core"
import { parseJson, readTextIfThere, writeFileAtomic } from "@swirl-ts/kit"

type Attempt = TrainingJobRecord["attempts"][number]

export interface Attempts {
  /** Of the work that they are attempts at, as it was when the first was made. */
  readonly id: string
  /** The newest one. */
  readonly last: Attempt | undefined
  readonly count: number
  add(attempt: Attempt): Promise<void>
  /** Of the newest one. */
  change(changes: Partial<Attempt>): Promise<void>
}

export async function openAttempts(directory: string, id: string): Promise<Attempts> {
  const path = join(directory, "job.json")
  const text = await readTextIfThere(path)
  const record: TrainingJobRecord =
    text === undefined ? { schema: "swirl.training-job/1", engine: "ray", id, attempts: [] } : read(path, text)
  const { attempts } = record
  const write = (): Promise<void> => writeFileAtomic(path, `${JSON.stringify(record, null, 2)}\n`)
  return {
    id: record.id,
    get last() {
      return attempts.at(-1)
    },
    get count() {
      return attempts.length
    },
    async add(attempt) {
      attempts.push(attempt)
      await write()
    },
    async change(changes) {
      const last = attempts.at(-1)
      if (!last) return
      Object.assign(last, changes)
      await write()
    },
  }
}

function read(path: string, text: string): TrainingJobRecord {
  const value = parseJson(text)
  const { data, error } = TrainingJobSchema.safeParse(value)
  if (error)
    throw new SwirlError(
      `${path} cannot be read: ${value === undefined ? "it is no JSON" : schemaProblems(error, value)}. It says which jobs were submitted: restore it, or delete it and begin under another name.`,
    )
  return data
}
