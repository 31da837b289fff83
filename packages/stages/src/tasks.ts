/** Tasks of a split, from the file that a run folder's trajectories were made from. */
import { benchmarkTasks, SwirlError, type Task } from "@swirl-ts/core"
import { fileVersion, inTime, whileUnchanged } from "@swirl-ts/kit"
import { resolve } from "@swirl-ts/platform"
import { type RunSpec, readRun } from "@swirl-ts/store"
import { dataPathOf, type StageContext } from "./context.ts"

/** Stage name of a generation in `run.json`. */
export const generateStage = (benchmark: string, split: string): string => `generate/${benchmark}/${split}`

/** Of trajectories that were imported. */
export const importStage = (benchmark: string, split: string): string => `import/${benchmark}/${split}`

/** Streams a split's tasks; `--data` first, then the file that generation used. One that changes meanwhile is an error, whoever reads it. */
export async function* loadTasks(
  context: StageContext,
  directory: string,
  benchmark: string,
  split: string,
  { limit, shots }: { limit?: number; shots?: number } = {},
): AsyncGenerator<Task> {
  const entry = context.registry.resolve("benchmarks", benchmark)
  const dataPath = await recordedDataPath(context, directory, entry.fullName, split)
  const { host, abortSignal } = context
  const read = () => benchmarkTasks<Task>(entry, split, { host, dataPath, limit, shots, abortSignal })
  const file = dataPath === undefined ? undefined : resolve(host.workingDirectory, dataPath)
  const version = file === undefined ? undefined : fileVersion(file)
  if (file === undefined || !version) yield* read()
  else yield* whileUnchanged(file, version, read, ({ id }) => id)
}

/** Where a split's data are: `--data` first, then what generation or import used; undefined for a download. `benchmark` in full. */
export async function recordedDataPath(
  context: StageContext,
  directory: string,
  benchmark: string,
  split: string,
): Promise<string | undefined> {
  const given = dataPathOf(context, benchmark)
  if (given) return given
  const spec = ((await readRun(directory))?.spec ?? {}) as RunSpec
  const stages = [generateStage(benchmark, split), importStage(benchmark, split)]
  return stages.map((stage) => spec[stage]?.dataPath).find((path): path is string => typeof path === "string")
}

export interface TaskLookup {
  find(benchmark: string, split: string, id: string): Promise<Task>
  /** Ends the reading of splits that were not read to their end; what does not end in a second is left to itself. */
  close(): Promise<void>
}

/** Finds tasks by id; a split is read once, as far as needed. */
export function taskLookup(context: StageContext): TaskLookup {
  const splits = new Map<string, { found: Map<string, Task>; rest: AsyncGenerator<Task>; ended: boolean }>()
  const find: TaskLookup["find"] = async (benchmark, split, id) => {
    const key = `${benchmark} ${split}`
    let entry = splits.get(key)
    if (!entry) {
      entry = { found: new Map(), rest: loadTasks(context, context.directory, benchmark, split), ended: false }
      splits.set(key, entry)
    }
    for (;;) {
      const task = entry.found.get(id)
      if (task) return task
      if (entry.ended)
        throw new SwirlError(`The task ${id} is not in split ${split} of ${benchmark}; an oracle judge needs it.`)
      // Others read on at the same time, so the end is no answer yet: they may have come by this task.
      const { value, done } = await entry.rest.next()
      if (done) entry.ended = true
      else entry.found.set(value.id, value)
    }
  }
  const close = async (): Promise<void> => {
    const ends = [...splits.values()].map(({ rest }) =>
      inTime(() => rest.return(undefined), { milliseconds: 1000, late: "the reading of tasks did not end" }),
    )
    await Promise.allSettled(ends)
  }
  return { find, close }
}
