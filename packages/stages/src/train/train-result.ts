/** `result.json` of a training's folder: what it ended with. */
import { type TrainingResultRecord, TrainingResultSchema } from "@swirl-ts/core"
import { basename, existsSync, join } from "@swirl-ts/platform"
import { readDocument, runPaths } from "@swirl-ts/store"

export const resultPath = (directory: string, name: string): string =>
  join(runPaths(directory).training(name).directory, "result.json")

/** What a finished training wrote; undefined where it has not finished. A checkpoint in its folder is where that is now. */
export async function readTrainResult(directory: string, name: string): Promise<TrainingResultRecord | undefined> {
  const result = await readDocument(resultPath(directory, name), TrainingResultSchema)
  if (!result) return undefined
  const { directory: folder } = runPaths(directory).training(name)
  const [, inside] = result.checkpoint
    .split(/[\\/]/)
    .join("/")
    .split(`train/${basename(folder)}/`)
  const here = inside === undefined ? undefined : join(folder, inside)
  return { ...result, checkpoint: here !== undefined && existsSync(here) ? here : result.checkpoint }
}
