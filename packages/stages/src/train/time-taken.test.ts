import { join } from "node:path"
import { temporaryFolder } from "@swirl-ts/test-support"
import { expect, test } from "vitest"
import { secondsBefore, stepSeconds } from "./time-taken.ts"

const line = (step: number, values: object) =>
  `${JSON.stringify({ schema: "swirl.metric/1", step, values, alarms: [] })}\n`

test("steps that stand as they did are those of processes before", async () => {
  const folder = temporaryFolder({
    "before.jsonl": line(0, { rolloutAccuracy: 0.5 }) + line(1, { seconds: 3 }) + line(2, { seconds: 4 }),
    // The second was made again after a kill.
    "after.jsonl": line(1, { seconds: 3 }) + line(2, { seconds: 5 }) + line(3, { seconds: 6 }),
  })
  const [before, after] = await Promise.all(
    ["before", "after"].map((name) => stepSeconds(join(folder, `${name}.jsonl`))),
  )
  expect([...before!]).toEqual([
    [1, 3],
    [2, 4],
  ])
  expect(secondsBefore(before!, after!)).toBe(3)
  expect(secondsBefore(new Map(), after!)).toBe(0)
})

test("a training that has not begun took nothing", async () => {
  expect(await stepSeconds(join(temporaryFolder(), "metrics.jsonl"))).toEqual(new Map())
})
