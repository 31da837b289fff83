/** Tasks of a split, from the file that a run folder's trajectories were made from. */
import { benchmarkTasks, type Task } from "@swirl-ts/core"
import { type RunSpec, readRun } from "@swirl-ts/store"
import { dataPathOf, type StageContext } from "./context.ts"

/** Stage name of a generation in `run.json`. */
export const generateStage = (benchmark: string, split: string): string => `generate/${benchmark}/${split}`

/** Streams a split's tasks; `--data` first, then the file that generation used. */
export async function* loadTasks(
  context: StageContext,
  directory: string,
  benchmark: string,
  split: string,
  limit?: number,
): AsyncGenerator<Task> {
  const entry = context.registry.resolve("benchmarks", benchmark)
  const { fullName } = entry
  const given = dataPathOf(context, fullName)
  const run = given ? undefined : await readRun(directory)
  const recorded = (run?.spec as RunSpec | undefined)?.[generateStage(fullName, split)]?.dataPath
  const dataPath = given ?? (typeof recorded === "string" ? recorded : undefined)
  yield* benchmarkTasks<Task>(entry, split, {
    host: context.host,
    dataPath,
    limit,
  })
}
