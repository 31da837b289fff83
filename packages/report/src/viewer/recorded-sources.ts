/**
 * Where the samples of a run folder are: files of trajectories, each with the stage that wrote it, in the order in which they
 * are shown. What was evaluated stands before what it may be a copy of, so that a score goes to the trajectory it was given for.
 */
import { existsSync } from "node:fs"
import { join } from "node:path"
import { AttemptSchema, type Trajectory, TrajectorySchema } from "@swirl-ts/core"
import { evaluatedPolicies, evaluatedVerdicts, readRecords, runPaths } from "@swirl-ts/store"
import { filesIn, foldersIn } from "../find-runs.ts"
import type { SampleStage } from "./summary-page.ts"

export interface RecordedSource {
  stage: SampleStage
  /** Where its verdicts are. */
  verdicts?: string
  /** Of samples at the same temperature: where they are. */
  samples?: string
  training?: string
  round?: number
  trajectories(): AsyncIterable<Trajectory>
}

export async function recordedSources(run: string): Promise<RecordedSource[]> {
  const paths = runPaths(run)
  const evaluated: RecordedSource[] = []
  for (const policy of await evaluatedPolicies(run)) {
    const folder = join(run, "eval", policy)
    for (const path of await trajectoryFiles(folder)) {
      const samples = path.replace(/\.trajectories\.jsonl$/, ".jsonl")
      evaluated.push({
        stage: "evaluate",
        verdicts: evaluatedVerdicts(folder),
        samples,
        trajectories: () => readRecords(path, TrajectorySchema),
      })
    }
  }
  const generated: RecordedSource = {
    stage: "generate",
    verdicts: paths.verdicts,
    trajectories: () => readRecords(paths.trajectories, TrajectorySchema),
  }
  return [
    ...evaluated,
    generated,
    ...(await rounds(run)),
    { stage: "earlier try", trajectories: () => earlierTries(paths.attempts) },
  ]
}

/** Sorted; a compressed one under the name that it is read by. */
async function trajectoryFiles(folder: string): Promise<string[]> {
  const names = [
    ...(await filesIn(folder, ".trajectories.jsonl")),
    ...(await filesIn(folder, ".trajectories.jsonl.gz")),
  ]
  return [...new Set(names.map((name) => name.replace(/\.gz$/, "")))].sort().map((name) => join(folder, name))
}

/** Fresh episodes of trainings, round by round. */
async function rounds(run: string): Promise<RecordedSource[]> {
  const found: RecordedSource[] = []
  for (const training of await foldersIn(join(run, "train"))) {
    const folder = join(run, "train", training, "rounds")
    const numbers = (await foldersIn(folder)).map(Number).filter((round) => Number.isInteger(round))
    for (const round of numbers.sort((a, b) => a - b)) {
      const path = join(folder, String(round), "trajectories.jsonl")
      const trajectories = () => readRecords(path, TrajectorySchema)
      if (existsSync(path) || existsSync(`${path}.gz`)) found.push({ stage: "round", training, round, trajectories })
    }
  }
  return found
}

/** Trajectories as they stood before they were tried again. */
async function* earlierTries(path: string): AsyncGenerator<Trajectory> {
  for await (const { record } of readRecords(path, AttemptSchema, { idOf: () => undefined })) {
    const { success, data } = TrajectorySchema.safeParse(record)
    if (success) yield data
  }
}
