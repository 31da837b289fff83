/** Reading a run folder's trajectories back. */
import { SwirlError, type Trajectory, TrajectorySchema } from "@swirl-ts/core"
import { readRecords, runPaths } from "@swirl-ts/store"

/** All final trajectories of a run folder, in the order of their ids, which is the same however they were made. */
export async function readTrajectories(directory: string): Promise<Trajectory[]> {
  const trajectories: Trajectory[] = []
  for await (const trajectory of readRecords(runPaths(directory).trajectories, TrajectorySchema))
    trajectories.push(withNothingFound(trajectory))
  if (trajectories.length === 0) {
    throw new SwirlError(
      `${directory} holds no trajectories. Make some first: swirl generate <benchmark> --run ${directory}`,
      { kind: "usage" },
    )
  }
  return trajectories.sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
}

/** Records of before the field `nothingFound`: there the search tool's own sentence is all that says it. */
function withNothingFound(trajectory: Trajectory): Trajectory {
  for (const { call, observation } of trajectory.steps) {
    if (call && observation && /^No passage matches ".*"\.$/s.test(observation.text)) observation.nothingFound = true
  }
  return trajectory
}
