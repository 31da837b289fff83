import type { EvalSample } from "@swirl-ts/core"
import { expect, test } from "vitest"
import { cellResult, changedCell, type MeasuredCell } from "./cell-result.ts"

const sample = (index: number, right: boolean, status: EvalSample["status"] = "scored"): EvalSample => ({
  schema: "swirl.eval-sample/1",
  id: `${index}`,
  taskId: `test/${index}`,
  trajectoryId: `t${index}`,
  benchmark: "bench-sandbox/calc",
  split: "test",
  epoch: 0,
  policy: "p",
  status,
  metrics: status === "scored" || status === "limit" ? { accuracy: right ? 1 : 0 } : {},
})
const cell = (samples: EvalSample[], metric = "accuracy"): MeasuredCell => ({ metric, samples })
const samples = (count: number, right: number): EvalSample[] =>
  Array.from({ length: count }, (_, i) => sample(i, i < right))

test("samples without a score are counted and left out, never wrong; those at a limit are wrong", () => {
  const result = cellResult(
    cell([sample(0, true), sample(1, false, "limit"), sample(2, false, "unscored"), sample(3, false, "error")]),
  )
  expect(result).toMatchObject({ accuracy: 0.5, n: 2, unscored: 2 })
})

test("changes are paired by question whatever the order, on questions both have scored", () => {
  const base = cell(samples(200, 60))
  const better = samples(200, 120)
  const change = changedCell(base, cell([...better].reverse()), 1)
  expect(change.change.value).toBeCloseTo(0.3)
  expect(change).toEqual(changedCell(base, cell(better), 1))
  expect(change.change.ci[0]).toBeGreaterThan(0)
  const partly = changedCell(base, cell(better.slice(0, 100)), 1)
  expect(partly.change.value).toBeCloseTo(0.4)
})

test("rows that were asked other questions are refused", () => {
  const others = samples(10, 5).map((each) => ({ ...each, taskId: `other/${each.taskId}` }))
  expect(() => changedCell(cell(samples(10, 5)), cell(others), 1)).toThrow(/share no scored question/)
  const asked = (questionHash?: string) =>
    cell(samples(3, 1).map((each) => ({ ...each, policy: `${questionHash}`, questionHash })))
  expect(() => changedCell(asked("one"), asked("other"), 1)).toThrow(
    "As test/0 of bench-sandbox/calc/test, one and other were asked different questions: their data differ.",
  )
  for (const same of ["one", undefined]) expect(changedCell(asked("one"), asked(same), 1).n).toBe(3)
})

test("rows that count by another metric are refused", () => {
  expect(() => changedCell(cell(samples(3, 1)), cell([{ ...sample(0, true), metrics: { em: 1 } }], "em"), 1)).toThrow(
    "bench-sandbox/calc/test counts by accuracy for p and by em for p",
  )
})
