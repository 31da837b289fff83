import { join } from "node:path"
import { temporaryFolder } from "@swirl-ts/test-support"
import { expect, test } from "vitest"
import { findRuns } from "./find-runs.ts"

test("rows called as a stage are found, and stages are not taken for runs", async () => {
  const folder = temporaryFolder({
    "base/run.json": {},
    "base/eval/policy/inner/run.json": {},
    "eval/run.json": {},
    "report/run.json": {},
    "seed-1/train/run.json": {},
    "seed-1/train/train/train/result.json": {},
    "node_modules/any/run.json": {},
  })
  expect(await findRuns(folder)).toEqual(
    ["base", "eval", "report", join("seed-1", "train")].map((name) => join(folder, name)),
  )
})
