/**
 * The tasks of a training: those that its trajectories come from, as the data have them now. Fresh episodes are made of these
 * and of no others, so that what a training has seen is known before it begins.
 */
import { type NamedBenchmark, SwirlError, type Task, type TaskReference, taskKey } from "@swirl-ts/core"
import type { StageContext } from "../context.ts"
import { recordedTasks } from "../recorded-tasks.ts"
import type { SourceFolder } from "./followed-selection.ts"

export interface TrainedTask {
  reference: TaskReference
  task: Task
  benchmark: NamedBenchmark
}

export interface TrainedTasks {
  references: readonly TaskReference[]
  find(reference: TaskReference): Promise<TrainedTask>
}

/** They are read when the first is looked for. */
export function trainedTasks(
  context: StageContext,
  { tasks: references, sources }: { tasks: readonly TaskReference[]; sources: readonly SourceFolder[] },
): TrainedTasks {
  const wanted = new Set(references.map(taskKey))
  const read = async (): Promise<Map<string, TrainedTask>> => {
    const found = new Map<string, TrainedTask>()
    for (const { directory, trajectories: all } of sources) {
      const first = new Map(
        all.filter((each) => wanted.has(taskKey(each))).map((trajectory) => [taskKey(trajectory), trajectory]),
      )
      for (const { trajectory, task, benchmark } of await recordedTasks(context, directory, [...first.values()])) {
        const { split, taskId } = trajectory
        const reference = { benchmark: trajectory.benchmark, split, taskId }
        found.set(taskKey(reference), { reference, task, benchmark })
      }
    }
    return found
  }
  let tasks: Promise<Map<string, TrainedTask>> | undefined
  return {
    references,
    async find(reference) {
      tasks ??= read()
      const task = (await tasks).get(taskKey(reference))
      if (task) return task
      const { benchmark, split, taskId } = reference
      throw new SwirlError(
        `The task ${taskId} of ${benchmark}/${split} is not one of this training's. Ask for those in context.tasks.`,
      )
    },
  }
}
