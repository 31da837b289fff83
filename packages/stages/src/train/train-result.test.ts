import { renameSync } from "node:fs"
import { join } from "node:path"
import { temporaryFolder } from "@swirl-ts/test-support"
import { expect, test } from "vitest"
import { readTrainResult } from "./train-result.ts"

const result = (checkpoint: string) => ({
  schema: "swirl.training-result/1",
  name: "first",
  checkpoint,
  ...{ steps: 2, alarms: [], considered: 1, kept: 1, keptRight: 1, unscored: 0, oracle: false, seconds: 1 },
})

test("the checkpoint of a training whose folder was moved is in the folder, never where that was", async () => {
  const [parent, checkpoint] = [temporaryFolder(), join("train", "first", "checkpoints", "2")]
  const before = temporaryFolder({
    "train/first/result.json": result(join(parent, "gone", checkpoint)),
    "train/first/checkpoints/2/config.json": {},
  })
  const after = join(parent, "after")
  renameSync(before, after)
  expect((await readTrainResult(after, "first"))?.checkpoint).toBe(join(after, checkpoint))
})

test("a checkpoint that an algorithm wrote elsewhere is where it says", async () => {
  const folder = temporaryFolder({ "train/first/result.json": result("/elsewhere/2") })
  expect((await readTrainResult(folder, "first"))?.checkpoint).toBe("/elsewhere/2")
})
