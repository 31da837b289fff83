/**
 * `training.json`: what a training is. The same command run again continues it; another one in the same folder is
 * refused, because its metrics and checkpoints would mix with those that are there (where there are any).
 */
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import {
  canonicalJson,
  contentHash,
  errorMessage,
  MetricSchema,
  SwirlError,
  type TrainingContext,
} from "@swirl-ts/core"
import { writeFileAtomic } from "@swirl-ts/kit"
import { hasRecord } from "@swirl-ts/store"
import { z } from "zod"
import { decompose } from "./decompose.ts"

/** Flat: one field a setting. */
export type TrainingSpec = Record<string, unknown>

const TrainingSchema = z.object({
  schema: z.literal("swirl.training/1"),
  spec: z.record(z.string(), z.unknown()),
  specHash: z.string(),
})

/** How much is done, not what is done: with these changed a training still continues. */
const mayChange = new Set(["iterations", "checkpointEvery", "keepCheckpoints"])

/** Everything that decides what a training computes, the starting weights (the caller's to name) aside. */
export function trainingSpec(context: TrainingContext, algorithm: string, options: object): TrainingSpec {
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
export async function registerTraining(directory: string, spec: TrainingSpec): Promise<void> {
  const path = join(directory, "training.json")
  const known = await readTraining(path)
  if (known) {
    const differing = [...new Set([...Object.keys(known), ...Object.keys(spec)])].filter(
      (field) => !mayChange.has(field) && canonicalJson([known[field]]) !== canonicalJson([spec[field]]),
    )
    if (differing.length > 0 && (await hasRecord(join(directory, "metrics.jsonl"), MetricSchema))) {
      const fields = differing.map((field) => `${field} was ${show(known[field])} and is ${show(spec[field])} now`)
      throw new SwirlError(
        `${directory} holds a training with other settings: ${fields.join("; ")}. Continue it with its own settings, or train into another folder.`,
        { kind: "usage" },
      )
    }
  }
  const record = { schema: "swirl.training/1", spec, specHash: contentHash(spec) }
  await writeFileAtomic(path, `${JSON.stringify(record, null, 2)}\n`)
}

async function readTraining(path: string): Promise<TrainingSpec | undefined> {
  let text: string
  try {
    text = await readFile(path, "utf8")
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return undefined
    throw error
  }
  try {
    return TrainingSchema.parse(JSON.parse(text)).spec
  } catch (error) {
    throw new SwirlError(`${path} cannot be read: ${errorMessage(error)} Restore it, or train into another folder.`, {
      cause: error,
    })
  }
}

const show = (value: unknown): string => (value === undefined ? "not set" : canonicalJson(value))
