/**
 * A training that has ended with all that is asked of it. Nothing is left to train, so no engine is made for it and no server is
 * asked; its settings, weights and judge are compared as ever.
 */
import { contentHash, type TrainingResultRecord } from "@swirl-ts/core"
import { existsSync } from "@swirl-ts/platform"
import { runPaths } from "@swirl-ts/store"
import type { StageContext } from "../context.ts"
import { readTrainResult } from "./train-result.ts"
import { jobEngineOf } from "./training-engine.ts"
import { selectionsBefore } from "./training-selection.ts"
import { checkTraining, type TrainRequest } from "./training-stage.ts"

/** Digest of the options that say how much is trained, as they are given: all that may change while a training goes on. */
export function amountsAsked({ registry }: StageContext, { algorithm, options }: TrainRequest): string {
  const { amounts = [] } = registry.resolve("algorithms", algorithm).value
  return contentHash(amounts.map((name) => options[name] ?? null))
}

/** What it ended with; undefined where something is left, or its checkpoint is gone. Nothing else is looked at. */
export async function endedAsAsked(
  context: StageContext,
  request: TrainRequest,
): Promise<TrainingResultRecord | undefined> {
  const result = await readTrainResult(context.directory, request.name)
  return result?.amounts === amountsAsked(context, request) && existsSync(result.checkpoint) ? result : undefined
}

/** The same, of the training that is asked for: one of other settings or other folders is refused. */
export async function finishedTraining(
  context: StageContext,
  request: TrainRequest,
): Promise<TrainingResultRecord | undefined> {
  const ended = await endedAsAsked(context, request)
  // A job rolls nothing out on the way, and is on record so.
  if (!ended) return undefined
  await checkTraining(context, jobEngineOf(context, request) ? { ...request, rolloutTasks: 0 } : request)
  await selectionsBefore(context, request, runPaths(context.directory).training(request.name).selection)
  return ended
}
