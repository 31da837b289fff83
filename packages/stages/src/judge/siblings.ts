/** The siblings of each question among recorded trajectories: one set a question, whichever of its trajectories is judged. */
import { type SiblingSet, siblingSet, type TaskReference, type Trajectory, taskKey } from "@swirl-ts/core"

export interface SiblingSets {
  /** That of a question without any trajectory is empty. */
  of(question: TaskReference): SiblingSet
}

export function siblingSets(trajectories: readonly Trajectory[]): SiblingSets {
  const made = Map.groupBy(trajectories, taskKey)
  const sets = new Map<string, SiblingSet>()
  return {
    of(question) {
      const key = taskKey(question)
      const set = sets.get(key) ?? siblingSet(made.get(key) ?? [])
      sets.set(key, set)
      return set
    },
  }
}
