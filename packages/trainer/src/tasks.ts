/** The tasks that fresh episodes are asked of, each once, in order of first appearance. */
import type { TaskReference, TrainingContext } from "@swirl-ts/core"

export const questionIdOf = ({ benchmark, split, taskId }: TaskReference): string =>
  JSON.stringify([benchmark, split, taskId])

export function tasksOf({ tasks, trajectories }: Pick<TrainingContext, "tasks" | "trajectories">): TaskReference[] {
  const all = (tasks ?? trajectories).map(({ benchmark, split, taskId }) => ({ benchmark, split, taskId }))
  return [...new Map(all.map((task) => [questionIdOf(task), task])).values()]
}
