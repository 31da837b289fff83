import { type Trajectory, TrajectorySchema } from "@swirl-ts/core"
import { openRecordFile, runPaths } from "@swirl-ts/store"
import { temporaryFolder, trajectory } from "@swirl-ts/test-support"
import { expect, test } from "vitest"
import { readTrajectories } from "./trajectories.ts"

test("records of before the field have it where the search tool said that it found nothing, and nowhere else", async () => {
  const directory = await temporaryFolder()
  const file = await openRecordFile(runPaths(directory).trajectories, TrajectorySchema)
  await file.append(
    trajectory("old", "who ?", [
      ["?mira born", 'No passage matches "mira born".'],
      ["?mira lives", "No passage matches the old rites. They were kept in oslo."],
      ["?mira", "oslo"],
    ]),
  )
  await file.close()
  const [read] = await readTrajectories(directory)
  const found = ({ steps }: Trajectory) => steps.map(({ observation }) => observation?.nothingFound)
  expect(found(read!)).toEqual([true, undefined, undefined])
})
