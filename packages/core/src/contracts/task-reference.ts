/** A task by where it stands: ids are unique within one benchmark only. */
export interface TaskReference {
  /** Full name. */
  benchmark: string
  split: string
  taskId: string
}

/** The same for the same task alone. */
export const taskKey = ({ benchmark, split, taskId }: TaskReference): string =>
  JSON.stringify([benchmark, split, taskId])

/** Each task once, in order of first appearance. */
export const distinctTasks = (tasks: readonly TaskReference[]): TaskReference[] =>
  [...Map.groupBy(tasks, taskKey).values()].map(([first]) => {
    const { benchmark, split, taskId } = first!
    return { benchmark, split, taskId }
  })
