/**
 * The files of a run folder that an import writes. Invariant: a trajectory, what is known of it, and its sample are each written
 * once; where a log has grown, the new state of a conversation takes the place of the old one, which moves to the attempts.
 */
import {
  contentHash,
  type EvalSample,
  EvalSampleSchema,
  type ImportedRecord,
  ImportedSchema,
  type Temperature,
  type Trajectory,
  TrajectorySchema,
} from "@swirl-ts/core"
import { openRecordFile, type RecordFile, type Run, readRecords } from "@swirl-ts/store"
import { comingKey, type PreparedImport, scoresDigest } from "./prepared-import.ts"

export interface ImportFiles {
  /** Conversations that stood there in an earlier state, or with other scores. */
  readonly replaced: number
  /** Its name among the questions, and which of their samples it is: as it is on record, or else the next that is free. */
  numbered(part: PartNumber): { taskId: string; epoch: number }
  /** Whether the trajectory was not there. */
  append(records: ImportRecords): Promise<boolean>
  commit(): Promise<void>
  close(): Promise<void>
}

interface PartNumber {
  key: string
  turn: number
  benchmark: string
  split: string
  policy: string
  question: string
  /** Wished for. */
  taskId: string
  epoch: number
}

interface ImportRecords {
  trajectory: Trajectory
  record: ImportedRecord
  sample?: EvalSample & { temperature: Temperature }
}

/** Records that are written together. */
const batch = 256

export async function openImportFiles(run: Run, coming: PreparedImport["coming"]): Promise<ImportFiles> {
  const known = await readKnown(run, coming)
  const { changed, keys } = known
  const keyOf = (id: string): string => keys.get(id) ?? id
  const { attempts } = run.paths
  const retry = {
    when: ({ id }: { id: string }) => changed.has(id),
    attempts,
    keyOf: ({ id }: { id: string }) => keyOf(id),
  }
  // A changed score leaves the trajectory as it is.
  const superseded = { ...retry, when: ({ id }: { id: string }) => changed.get(id) === "said" }
  const imported = await openRecordFile(run.paths.imported, ImportedSchema, { mode: "block", retry })
  const trajectories = await openRecordFile(run.paths.trajectories, TrajectorySchema, {
    mode: "block",
    retry: superseded,
  })
  const samples = new Map<string, RecordFile<EvalSample>>()
  const samplesAt = async (path: string): Promise<RecordFile<EvalSample>> => {
    const open = samples.get(path)
    if (open) return open
    const file = await openRecordFile(path, EvalSampleSchema, {
      mode: "block",
      retry: {
        attempts,
        when: ({ trajectoryId }) => changed.has(trajectoryId),
        keyOf: ({ trajectoryId }) => keyOf(trajectoryId),
      },
    })
    samples.set(path, file)
    return file
  }
  let waiting = 0
  const files: ImportFiles = {
    replaced: changed.size,
    numbered: (part) => numbered(known, part),
    async append({ trajectory, record, sample }) {
      const isNew = !trajectories.has(trajectory.id)
      await imported.append(record)
      await trajectories.append(trajectory)
      if (sample) {
        const { policy, benchmark, temperature } = sample
        await (await samplesAt(run.paths.evaluation(policy, benchmark, temperature).samples)).append(sample)
      }
      if (++waiting % batch === 0) await files.commit()
      return isNew
    },
    async commit() {
      for (const file of [imported, trajectories, ...samples.values()]) await file.commit()
    },
    async close() {
      for (const file of [imported, trajectories, ...samples.values()]) await file.close()
    },
  }
  return files
}

interface Known {
  /** Of the records that are there, what is other now: what was said, or the scores alone. */
  changed: Map<string, "said" | "scores">
  /** Trajectory -> conversation and turn. */
  keys: Map<string, string>
  numbers: Map<string, { taskId: string; epoch: number }>
  /** The question of each task, and the samples of each policy. */
  questions: Map<string, string>
  taken: Set<string>
}

async function readKnown(run: Run, coming: PreparedImport["coming"]): Promise<Known> {
  const known: Known = {
    changed: new Map(),
    keys: new Map(),
    numbers: new Map(),
    questions: new Map(),
    taken: new Set(),
  }
  for (const [key, { id }] of coming) known.keys.set(id, key)
  for await (const record of readRecords(run.paths.imported, ImportedSchema)) {
    const { id, source, benchmark, split, taskId, epoch, question, policy } = record
    const key = comingKey(source.key, source.turn)
    const now = coming.get(key)
    known.keys.set(id, key)
    if (now && now.id !== id) known.changed.set(id, "said")
    else if (now && now.scores !== scoresDigest(record.scores, record.scorer)) known.changed.set(id, "scores")
    known.numbers.set(key, { taskId, epoch })
    known.questions.set(taskOf({ benchmark, split, taskId }), question)
    known.taken.add(sampleOf({ benchmark, split, taskId, policy, epoch }))
  }
  return known
}

const taskOf = ({ benchmark, split, taskId }: Pick<PartNumber, "benchmark" | "split" | "taskId">): string =>
  JSON.stringify([benchmark, split, taskId])
const sampleOf = (of: Pick<PartNumber, "benchmark" | "split" | "taskId" | "policy" | "epoch">): string =>
  JSON.stringify([of.benchmark, of.split, of.taskId, of.policy, of.epoch])

/** One id names one question: another question of that id gets one of its own. */
function numbered({ numbers, questions, taken }: Known, part: PartNumber): { taskId: string; epoch: number } {
  const key = comingKey(part.key, part.turn)
  const before = numbers.get(key)
  if (before) return before
  const other = (questions.get(taskOf(part)) ?? part.question) !== part.question
  const taskId = other ? `${part.taskId}~${contentHash(part.question, 6)}` : part.taskId
  let { epoch } = part
  while (taken.has(sampleOf({ ...part, taskId, epoch }))) epoch++
  const found = { taskId, epoch }
  numbers.set(key, found)
  questions.set(taskOf({ ...part, taskId }), part.question)
  taken.add(sampleOf({ ...part, ...found }))
  return found
}
