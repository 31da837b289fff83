/**
 * The first cell of the base, measured with a few questions before the run. What is recorded are the run's own records: it
 * goes on with them. Once measured, or where records are there, nothing is asked again.
 */
import { join } from "node:path"
import { type MeasurementRecord, MeasurementSchema, TrajectorySchema, tokensOf } from "@swirl-ts/core"
import { type EvaluateRequest, evaluateCells, openPolicy, type StageContext } from "@swirl-ts/stages"
import { evaluatedPolicies, readDocument, readRecords, runPaths, writeDocument } from "@swirl-ts/store"
import { askedIds } from "./asked-ids.ts"
import { experimentCells } from "./cells.ts"
import type { Experiment } from "./experiment.ts"
import { questionsOf } from "./narrowed.ts"
import type { EvaluateJob } from "./plan.ts"
import { plannedJobs } from "./planned-jobs.ts"
import { evaluationsOf, withPrecision } from "./run-job.ts"

export interface MeasuredBase {
  /** As the experiment names it. */
  cell: string
  /** Of a trajectory, the mean of those that are there. */
  tokens?: { input: number; output: number; trajectories: number }
  /** Absent where nothing was timed. */
  time?: MeasurementRecord
}

/** `questions`: asked where nothing is there yet; 0 for none. */
export async function measureBase(
  outer: StageContext,
  experiment: Experiment,
  questions: number,
): Promise<MeasuredBase> {
  // How long an answer takes that was there already says nothing.
  const context = { ...withPrecision(outer, experiment), responseCache: undefined }
  const [cell] = experimentCells(context.registry, experiment)
  const job = (await plannedJobs(context.directory, experiment)).find(
    (each): each is EvaluateJob => each.kind === "evaluate",
  )!
  const here: StageContext = { ...context, directory: join(context.directory, job.folder), seed: job.seed }
  const [request] = evaluationsOf(context, experiment, job, experiment.policy)
  const { measurement } = runPaths(here.directory)
  const tokens = await meanTokens(here, request!)
  if (!tokens && questions > 0) {
    const ids = [...(await askedIds(context, here.directory, cell!.benchmark, questionsOf(experiment, cell!)))]
    const limit = Math.min(questions, ids.length)
    const some = request!.ids ? { ids: ids.slice(0, limit) } : { limit }
    const policy = await openPolicy(context, experiment.policy)
    const started = performance.now()
    try {
      await evaluateCells(here, [{ ...request!, ...some }], { policy })
    } finally {
      await policy.close?.()
    }
    const seconds = (performance.now() - started) / 1000
    const { concurrency } = context
    const time = { schema: "swirl.measurement/1", cell: cell!.name, questions: limit, seconds, concurrency }
    // How fast something failed says nothing of how long it takes.
    if (await meanTokens(here, request!)) await writeDocument(measurement, MeasurementSchema.parse(time))
  }
  return {
    cell: cell!.name,
    tokens: tokens ?? (await meanTokens(here, request!)),
    time: await readDocument(measurement, MeasurementSchema),
  }
}

async function meanTokens(
  { directory }: StageContext,
  { benchmark, split, temperature }: EvaluateRequest,
): Promise<MeasuredBase["tokens"]> {
  const sum = { input: 0, output: 0, trajectories: 0 }
  for (const policy of await evaluatedPolicies(directory)) {
    const { trajectories } = runPaths(directory).evaluation(policy, benchmark, temperature)
    for await (const trajectory of readRecords(trajectories, TrajectorySchema)) {
      if (trajectory.split !== split || trajectory.status === "error") continue
      const { inputTokens, outputTokens } = tokensOf(trajectory.usage)
      sum.input += inputTokens
      sum.output += outputTokens
      sum.trajectories++
    }
  }
  const { input, output, trajectories } = sum
  return trajectories === 0 ? undefined : { input: input / trajectories, output: output / trajectories, trajectories }
}
