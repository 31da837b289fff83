import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { temporaryFolder } from "@swirl-ts/test-support"
import { expect, test } from "vitest"
import { swirl } from "./swirl.ts"

test("the library's forty lines run from nothing to a paired comparison, and again from their records", {
  timeout: 120_000,
}, async () => {
  const directory = temporaryFolder()
  const small = { tasks: 48, iterations: 2, questions: 24, log: () => {} }
  const first = await swirl(directory, small)
  expect(first.made.trajectories).toBe(48)
  expect(first.verdicts.good + first.verdicts.bad).toBe(first.made.steps)
  expect(first.kept.kept).toBeGreaterThan(0)
  expect(first.kept.kept).toBeLessThan(48)
  expect(first.trained.steps).toBe(2)
  expect(first.cell.result.n).toBe(24)
  const records = await readFile(join(directory, "trajectories.jsonl"), "utf8")
  const again = await swirl(directory, small)
  expect(again.made.reused).toBe(48)
  expect(again.verdicts.judged).toBe(0)
  expect(again.cell).toEqual(first.cell)
  expect(await readFile(join(directory, "trajectories.jsonl"), "utf8")).toBe(records)
})
