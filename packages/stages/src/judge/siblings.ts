/** The siblings of each question among recorded trajectories: one set a question, whichever of its trajectories is judged. */
import { type SiblingSet, siblingSet, type Trajectory } from "@swirl-ts/core"

type Question = Pick<Trajectory, "benchmark" | "split" | "taskId">

export interface SiblingSets {
  /** That of a question without any trajectory is empty. */
  of(question: Question): SiblingSet
}

export function siblingSets(trajectories: readonly Trajectory[]): SiblingSets {
  const made = Map.groupBy(trajectories, keyOf)
  const sets = new Map<string, SiblingSet>()
  return {
    of(question) {
      const key = keyOf(question)
      const set = sets.get(key) ?? siblingSet(made.get(key) ?? [])
      sets.set(key, set)
      return set
    },
  }
}

const keyOf = ({ benchmark, split, taskId }: Question): string => JSON.stringify([benchmark, split, taskId])
