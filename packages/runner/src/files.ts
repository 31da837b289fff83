/** The files of a roll-out or an evaluation, opened together; what ended in an error before is tried again, and stands until it has ended otherwise. */
import {
  type EvalSample,
  EvalSampleSchema,
  type ResponseRecord,
  ResponseSchema,
  type Trajectory,
  TrajectorySchema,
} from "@swirl-ts/core"
import { openRecordFile, type RecordFile } from "@swirl-ts/store"

export interface RolloutFiles {
  trajectories: RecordFile<Trajectory>
  /** Those of trajectories that are not final; absent in blocks, which are repeated as a whole. */
  responses?: RecordFile<ResponseRecord>
  close(): Promise<void>
}

export interface EvaluationFiles extends RolloutFiles {
  samplesFile: RecordFile<EvalSample>
  /** By id: samples that are to be written anew as looked at for leaks. */
  unguarded: ReadonlyMap<string, EvalSample>
}

/** `RunPaths` of the store fits `paths`. `block`: for models that keep token ids (see `rollout`). */
export async function openRolloutFiles(
  paths: { trajectories: string; responses: string; attempts: string },
  mode: "each" | "block" = "each",
): Promise<RolloutFiles> {
  const retry = { when: ({ status }: Trajectory) => status === "error", attempts: paths.attempts, keyOf: sampleOf }
  const trajectories = await openRecordFile(paths.trajectories, TrajectorySchema, { mode, retry })
  const isDropped = ({ trajectoryId }: ResponseRecord): boolean => trajectories.has(trajectoryId)
  const responses = mode === "each" ? await openRecordFile(paths.responses, ResponseSchema, { isDropped }) : undefined
  return {
    trajectories,
    responses,
    close: async () => {
      await trajectories.close()
      await responses?.close()
    },
  }
}

/** `{ ...run.paths, ...run.paths.evaluation(policy, benchmark) }` fits `paths`. Unscored samples are scored again; with `guarded`, samples of which nobody knows leaks are written anew. */
export async function openEvaluationFiles(
  paths: { samples: string; trajectories: string; responses: string; attempts: string },
  mode: "each" | "block" = "each",
  { guarded = false }: { guarded?: boolean } = {},
): Promise<EvaluationFiles> {
  const unguarded = new Map<string, EvalSample>()
  const when = (sample: EvalSample): boolean => {
    if (sample.status === "error" || sample.status === "unscored") return true
    if (!guarded || sample.leakGuard !== "off") return false
    unguarded.set(sample.id, sample)
    return true
  }
  const samplesFile = await openRecordFile(paths.samples, EvalSampleSchema, {
    retry: { when, attempts: paths.attempts, keyOf: sampleOf },
  })
  const files = await openRolloutFiles(paths, mode)
  return {
    ...files,
    samplesFile,
    unguarded,
    close: async () => {
      await samplesFile.close()
      await files.close()
    },
  }
}

/** A sample stays the same where settings are others: those under which everything failed bind nobody. */
const sampleOf = ({ benchmark, split, taskId, epoch }: Trajectory | EvalSample): string =>
  JSON.stringify([benchmark, split, taskId, epoch])
