import type { ReportCell, ReportMatrix } from "@swirl-ts/report"
import { expect, test } from "vitest"
import { matrixTable } from "./matrix-table.ts"

const base: ReportCell = { accuracy: 0.5, n: 40, questions: 40, ci: [0.35, 0.65] }
const changed = (change: Partial<NonNullable<ReportCell["change"]>>, more: Partial<ReportCell> = {}): ReportCell => ({
  ...base,
  accuracy: 0.6,
  change: { value: 0.1, ci: [0.01, 0.2], p: 0.05, ...change },
  ...more,
})
const matrix = (...cells: ReportCell[]): ReportMatrix => ({
  columns: ["calc/test"],
  rows: [
    { name: "base", kind: "base", cells: { "calc/test": base } },
    ...cells.map((cell, index) => ({
      name: `row-${index}`,
      kind: "training" as const,
      seed: 7,
      cells: { "calc/test": cell },
    })),
  ],
})

test("a mark stands beside no p above .05, and the other way round", () => {
  const [, , sure, unsure] = matrixTable(matrix(changed({}), changed({ p: 0.051 })))
  expect(sure).toMatch(/row-0 #7 +60\.0 {2}▲ +\+10\.0 +\+1\.0 to \+20\.0 +0\.050 +40$/)
  expect(unsure).toMatch(/row-1 #7 +60\.0 +\+10\.0 +\+1\.0 to \+20\.0 +0\.051 +40$/)
})

test("a bound is called one; questions and samples are told apart where they differ", () => {
  const lines = matrixTable(
    matrix(changed({ value: 0, ci: [-0.09, 0.09], p: 1, ciMethod: "none-differs" }), changed({}, { n: 160 })),
  )
  expect(lines[0]).toMatch(/p {2}questions {2}samples$/)
  expect(lines[2]).toMatch(/−9\.0 to \+9\.0 \(none differs\) {2}1\.000 +40 +40$/)
  expect(lines[3]).toMatch(/ 40 +160$/)
})

test("an interval of few differing questions is called one", () => {
  const [, , line] = matrixTable(matrix(changed({ ciMethod: "tango-score" })))
  expect(line).toMatch(/\+1\.0 to \+20\.0 \(few differ\) +0\.050/)
})

test("what a line leaves out is said below the table; limits alone are no reason to", () => {
  const leftOut = { onlyInA: 2, onlyInB: 0, otherQuestion: 1, unscored: 3 }
  const lines = matrixTable(
    matrix(changed({}, { leftOut, unscored: 3, errors: 1, limits: 4 }), changed({}, { limits: 4 })),
  )
  expect(lines.slice(4, lines.indexOf(""))).toEqual([
    "  calc/test row-0 #7: left out of the questions: 2 only in the base, 1 is another under the same id, 3 without a score on one side; 1 of the samples ended in an error and have no score; 2 of the samples could not be scored; 4 of the samples ended at a limit, counted as wrong",
  ])
})
