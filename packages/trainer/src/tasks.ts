/** The tasks that fresh episodes are asked of, each once. */
import { distinctTasks, SwirlError, type TaskReference, type TrainingContext } from "@swirl-ts/core"
import { drawBatch } from "./draw-batch.ts"

export const tasksOf = ({ tasks, trajectories }: Pick<TrainingContext, "tasks" | "trajectories">): TaskReference[] =>
  distinctTasks(tasks ?? trajectories)

export interface Questions {
  all: readonly TaskReference[]
  /** Indices of batch `iteration` (from 0), each as likely as any other; one may come up more than once. */
  draw(size: number, seed: number, iteration: number): number[]
}

/** Throws where there is no question. */
export function questionsOf(context: TrainingContext): Questions {
  const all = tasksOf(context)
  if (all.length === 0) {
    throw new SwirlError(
      "There is no question to train on: no trajectory was kept by the filter. Generate more trajectories, or choose another filter.",
    )
  }
  const weights = all.map(() => 1 / all.length)
  return { all, draw: (size, seed, iteration) => drawBatch(weights, size, seed, iteration) }
}
