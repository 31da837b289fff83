import type { EvalSample } from "@swirl-ts/core"
import { cellResult, changedCell } from "@swirl-ts/stages"
import { expect, test } from "vitest"
import { closingText, direction } from "./closing.ts"
import { assertNoLeak } from "./leak-guard.ts"
import type { Matrix } from "./matrix.ts"

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
const samples = (count: number, right: number): EvalSample[] =>
  Array.from({ length: count }, (_, i) => sample(i, i < right))

test("samples without a score are counted and left out, never wrong; those at a limit are wrong", () => {
  const cell = cellResult(
    [sample(0, true), sample(1, false, "limit"), sample(2, false, "unscored"), sample(3, false, "error")],
    "accuracy",
  )
  expect(cell).toMatchObject({ accuracy: 0.5, n: 2, unscored: 2 })
})

test("changes are paired by question whatever the order, on questions both have scored", () => {
  const base = samples(200, 60)
  const better = samples(200, 120)
  const change = changedCell(base, [...better].reverse(), "accuracy", 1)
  expect(change.change.value).toBeCloseTo(0.3)
  expect(change).toEqual(changedCell(base, better, "accuracy", 1))
  expect(change.change.ci[0]).toBeGreaterThan(0)
  const partly = changedCell(base, better.slice(0, 100), "accuracy", 1)
  expect(partly.change.value).toBeCloseTo(0.4)
})

test("rows that were asked other questions are refused", () => {
  const others = samples(10, 5).map((each) => ({ ...each, taskId: `other/${each.taskId}` }))
  expect(() => changedCell(samples(10, 5), others, "accuracy", 1)).toThrow(/share no scored question/)
})

test("the closing text calls up, down and unclear by the interval alone, and gamed by the run's own alarm alone", () => {
  const cell = (value: number, low: number, high: number) => ({
    accuracy: 0.5,
    n: 300,
    ci: [0.4, 0.6] as [number, number],
    change: { value, ci: [low, high] as [number, number], p: 0.01 },
  })
  expect([cell(0.1, 0.02, 0.2), cell(-0.1, -0.2, -0.02), cell(0.3, -0.01, 0.6)].map(direction)).toEqual([
    "up",
    "down",
    "unclear",
  ])
  const row = { train: "calc", filter: "none", algorithm: "swirl", judge: "grounded", seed: 7 }
  const matrix: Matrix = {
    schema: "swirl.matrix/1",
    policy: "nano",
    judge: "grounded",
    cells: ["calc/test", "lookup/test"],
    base: {
      "calc/test": { accuracy: 0.2, n: 300, ci: [0.1, 0.3] },
      "lookup/test": { accuracy: 0.5, n: 300, ci: [0.4, 0.6] },
    },
    questions: 300,
    rows: [
      { ...row, name: "good", cells: { "calc/test": cell(0.1, 0.02, 0.2), "lookup/test": cell(-0.1, -0.2, -0.02) } },
      {
        ...row,
        name: "bad",
        cells: { "calc/test": cell(-0.2, -0.3, -0.1), "lookup/test": cell(0, -0.1, 0.1) },
        alarms: [{ step: 20, kind: "gaming", message: "judged reward rose" }],
      },
    ],
  }
  const text = closingText(matrix).join("\n")
  expect(text).toMatch(
    /good \(seed 7\):\n {2}improved on its own task: calc\/test \+10\.0 points.*\n {2}got worse on tasks it never trained on: lookup\/test −10\.0/,
  )
  expect(text).toMatch(/Gamed, by the run's own alarm: bad\./)
  expect(text).toMatch(/Not gamed, but worse somewhere: good\./)
  expect(text).toMatch(/one training seed/)
})

test("a question that was trained on is found whatever its id, case and spacing", () => {
  const trained = [{ id: "train/4", question: "How many  apples?" }]
  expect(() => assertNoLeak(trained, [{ id: "test/9", question: "how many apples?" }], "calc/test")).toThrow(
    /test\/9 \(trained on as train\/4\)/,
  )
  expect(() => assertNoLeak(trained, [{ id: "test/9", question: "how many pears?" }], "calc/test")).not.toThrow()
})
