/** Where exported trajectories stand: those that a run folder generated, or those that one policy was evaluated by. */
import { existsSync } from "node:fs"
import { join } from "node:path"
import {
  EvalSampleSchema,
  isSameName,
  isScored,
  type Metrics,
  SwirlError,
  type Trajectory,
  TrajectorySchema,
} from "@swirl-ts/core"
import { evaluatedPolicies, evaluatedVerdicts, readRecords, runPaths, sampleFiles } from "@swirl-ts/store"

export interface ExportSource {
  /** Files of trajectories. */
  trajectories: readonly string[]
  verdicts: string
  /** Of an evaluation: files of samples, whose scores are on record. */
  samples?: readonly string[]
}

/** `evaluation`: a folder under `eval/`, or the beginning of its name. */
export async function exportSource(directory: string, evaluation: string | undefined): Promise<ExportSource> {
  const paths = runPaths(directory)
  if (evaluation === undefined) return { trajectories: [paths.trajectories], verdicts: paths.verdicts }
  const policies = await evaluatedPolicies(directory)
  const named = policies.includes(evaluation)
    ? [evaluation]
    : policies.filter((policy) => policy.startsWith(evaluation))
  if (named.length !== 1)
    throw new SwirlError(
      `${directory} holds ${named.length === 0 ? "no evaluation" : `${named.length} evaluations`} of "${evaluation}". It has: ${policies.join(", ") || "none"}. Name one.`,
      { kind: "usage" },
    )
  const folder = join(directory, "eval", named[0]!)
  const samples = await sampleFiles(folder)
  const trajectories = samples.map((file) => file.replace(/\.jsonl$/, ".trajectories.jsonl"))
  return { trajectories, verdicts: evaluatedVerdicts(folder), samples }
}

export interface Wanted {
  benchmark?: string
  split?: string
  /** Of tasks. */
  ids?: readonly string[]
}

/** One after another, in the order of the records. */
export async function* wantedTrajectories(
  { trajectories }: Pick<ExportSource, "trajectories">,
  { benchmark, split, ids }: Wanted,
): AsyncGenerator<Trajectory> {
  const tasks = ids && new Set(ids)
  for (const file of trajectories) {
    for await (const trajectory of readRecords(file, TrajectorySchema)) {
      if (benchmark !== undefined && !isSameName(benchmark, trajectory.benchmark)) continue
      if (split !== undefined && trajectory.split !== split) continue
      if (tasks && !tasks.has(trajectory.taskId)) continue
      yield trajectory
    }
  }
}

/** What every trajectory is known by before it is read again. */
export type Outline = Pick<Trajectory, "id" | "benchmark" | "split" | "taskId" | "question" | "answer" | "policy">

export async function outlinesOf(source: ExportSource, wanted: Wanted, directory: string): Promise<Outline[]> {
  const found: Outline[] = []
  for await (const { id, benchmark, split, taskId, question, answer, policy } of wantedTrajectories(source, wanted))
    found.push({ id, benchmark, split, taskId, question, answer, policy })
  if (found.length > 0) return found
  const isThere = source.trajectories.some((file) => existsSync(file) || existsSync(`${file}.gz`))
  throw new SwirlError(
    isThere
      ? `No trajectory of ${directory} is of what was asked for (--benchmark, --split, --ids).`
      : `${directory} holds no trajectories. Make some first: swirl generate <benchmark> --run ${directory}`,
    { kind: "usage" },
  )
}

/** Scores on record, by trajectory; nothing for a sample that has none. */
export async function recordedScores(files: readonly string[]): Promise<Map<string, Metrics>> {
  const scores = new Map<string, Metrics>()
  for (const file of files)
    for await (const sample of readRecords(file, EvalSampleSchema))
      if (isScored(sample)) scores.set(sample.trajectoryId, sample.metrics)
  return scores
}
