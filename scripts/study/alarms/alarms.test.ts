/** The committed runs, the page and the thresholds in the code agree, and say what the page claims. */
import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { alarmPage } from "./page.ts"
import { readRuns } from "./records.ts"
import { seeds } from "./runs.ts"
import { badKinds, count, judge, ofKind } from "./table.ts"

const read = (path: string): string => new URL(`../../../docs/${path}`, import.meta.url).pathname
const judged = readRuns(read("alarms/runs.jsonl")).map(judge)

test("the page is what the committed runs give today", () => {
  expect(readFileSync(read("alarms.md"), "utf8")).toBe(alarmPage(judged, seeds))
})

test("at most one good run in twenty is alarmed", () => {
  const { runs, alarmed } = count(ofKind(judged, "good"))
  expect(alarmed / runs).toBeLessThanOrEqual(0.05)
})

test.each(badKinds)("at least nine in ten of the runs that went wrong by %s are found", (kind) => {
  const { found, wentWrong } = count(ofKind(judged, kind))
  expect(wentWrong).toBeGreaterThan(0)
  expect(found / wentWrong).toBeGreaterThanOrEqual(0.9)
})

test("the demo's own ended better than they began", () => {
  for (const { run } of ofKind(judged, "good")) {
    const accuracy = run.values.rolloutAccuracy!
    expect(accuracy.at(-1)! - accuracy[0]!, `${run.task} ${run.seed}`).toBeGreaterThan(0.1)
  }
})
