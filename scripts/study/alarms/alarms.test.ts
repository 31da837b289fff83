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

test.each(badKinds)("at least nine in ten of the runs made to go wrong by %s are found", (kind) => {
  const { runs, alarmed } = count(ofKind(judged, kind))
  expect(alarmed / runs).toBeGreaterThanOrEqual(0.9)
})

test("runs that were made to go wrong did", () => {
  for (const kind of badKinds) {
    const { runs, wentWrong } = count(ofKind(judged, kind))
    expect(wentWrong / runs, kind).toBeGreaterThanOrEqual(0.5)
  }
  const { wentWrong } = count(ofKind(judged, "good"))
  expect(wentWrong).toBe(0)
})
