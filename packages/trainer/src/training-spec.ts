/**
 * `training.json`: what a training is. The same command run again continues it; another one in the same folder is
 * refused, because its metrics and checkpoints would mix with those that are there (where there are any).
 */
import { contentHash, MetricSchema, type TrainingContext, TrainingSchema } from "@swirl-ts/core"
import { join } from "@swirl-ts/platform"
import { checkSettings, hasRecord, readDocument, type Settings, writeDocument } from "@swirl-ts/store"
import { decompose } from "./decompose.ts"
import { amounts } from "./options.ts"

/** Everything that decides what a training computes, the starting weights (the caller's to name) aside. */
export function trainingSpec(context: TrainingContext, algorithm: string, options: object): Settings {
  const { trajectories, format, tools, seed } = context
  return {
    algorithm,
    seed,
    ...options,
    trajectoryCount: trajectories.length,
    trajectoryTokens: contentHash(
      trajectories.map((trajectory) =>
        decompose(trajectory).map((part) => [part.promptTokenIds.length, part.tokenIds]),
      ),
    ),
    trajectoryIds: contentHash(trajectories.map((trajectory) => trajectory.id)),
    actionFormat: format.name,
    tools: tools.map((tool) => tool.name),
  }
}

/** Writes the spec, or checks it against the one that is there. */
export async function registerTraining(directory: string, spec: Settings): Promise<void> {
  const path = join(directory, "training.json")
  const known = await readDocument(path, TrainingSchema, "Restore it, or train into another folder.")
  await checkSettings({
    before: known?.spec,
    now: spec,
    mayChange: [...amounts, "rounds"],
    hasRecords: () => hasRecord(join(directory, "metrics.jsonl"), MetricSchema),
    refusal: (differences) =>
      `${directory} holds a training with other settings: ${differences}. Continue it with its own settings, or train into another folder.`,
  })
  await writeDocument(path, { schema: "swirl.training/1", spec, specHash: contentHash(spec) })
}
