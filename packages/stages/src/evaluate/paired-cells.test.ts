import type { EvalSample } from "@swirl-ts/core"
import { mcnemarMidP } from "@swirl-ts/stats"
import { expect, test } from "vitest"
import type { MeasuredCell } from "./cell-result.ts"
import { pairedCells } from "./paired-cells.ts"

const sample = (index: number, right: number, facts: Partial<EvalSample> = {}): EvalSample => ({
  schema: "swirl.eval-sample/1",
  id: `${index}`,
  taskId: `test/${index}`,
  trajectoryId: `t${index}`,
  benchmark: "bench-sandbox/calc",
  split: "test",
  epoch: 0,
  policy: "p",
  status: "scored",
  metrics: { accuracy: right },
  ...facts,
})
const cell = (samples: EvalSample[], metric = "accuracy"): MeasuredCell => ({ metric, samples })
const samples = (count: number, right: number): EvalSample[] =>
  Array.from({ length: count }, (_, i) => sample(i, i < right ? 1 : 0))
const none = { onlyInA: 0, onlyInB: 0, otherQuestion: 0, unscored: 0 }

test("a pair is a question, whatever the order in which samples ended", () => {
  const base = cell(samples(200, 60))
  const better = samples(200, 120)
  const { result } = pairedCells(base, cell([...better].reverse()), 1)
  expect(result.change.value).toBeCloseTo(0.3)
  expect({ result }).toEqual({ result: pairedCells(base, cell(better), 1).result })
  expect(result.change.ci[0]).toBeGreaterThan(0)
  expect(result).toMatchObject({ leftOut: none, change: { p: mcnemarMidP(60, 0), baseAccuracy: 0.3 } })
})

test("both accuracies, change, p and n are over the same pairs; what is left out is counted by why", () => {
  const a = [
    sample(0, 1, { questionHash: "zero" }),
    sample(1, 0, { questionHash: "one" }),
    sample(2, 0, { questionHash: "two" }),
    sample(3, 1, { questionHash: "three" }),
    sample(4, 1),
    sample(5, 0, { status: "error", metrics: {} }),
    sample(9, 1),
  ]
  const b = [
    sample(0, 1, { questionHash: "zero" }),
    sample(1, 1), // says no hash: the id is all there is
    sample(2, 1, { questionHash: "another two" }),
    sample(3, 0, { questionHash: "another three" }),
    sample(4, 0, { status: "unscored", metrics: {} }),
    sample(5, 1),
    sample(6, 1),
    sample(7, 0),
    sample(8, 0),
  ]
  const { base, result } = pairedCells(cell(a), cell(b), 1)
  expect(result.leftOut).toEqual({ onlyInA: 1, onlyInB: 3, otherQuestion: 2, unscored: 2 })
  expect(base).toMatchObject({ accuracy: 0.5, n: 2, questions: 2, unscored: 1, errors: 1 })
  expect(result).toMatchObject({ accuracy: 1, n: 2, questions: 2, unscored: 1, change: { value: 0.5, p: 0.5 } })
  expect(result.errors).toBeUndefined()
})

test("a question that was asked several times counts once, as the mean of its scores, however often it was asked", () => {
  const greedy = cell([1, 0, 0, 0].map((score, index) => sample(index, score)))
  const right = [3, 2, 1, 4]
  const sampled = cell(
    right.flatMap((count, index) => [0, 1, 2, 3].map((epoch) => sample(index, epoch < count ? 1 : 0, { epoch }))),
  )
  const { base, result } = pairedCells(greedy, sampled, 1)
  expect([base.accuracy, base.n, result.accuracy, result.n, result.questions]).toEqual([0.25, 4, 0.625, 16, 4])
  // Of the 16 sign patterns of .25, .5, .25 and 1, six have a sum as far from 0 as -.25 + .5 + .25 + 1.
  expect(result.change).toMatchObject({ value: 0.375, pMethod: "paired-permutation", p: 6 / 16 })
})

test("two policies that always say the same do not differ more for being asked twenty times", () => {
  const [a, b] = [samples(10, 6), samples(10, 10)]
  const often = (all: EvalSample[]) =>
    cell(all.flatMap((each) => [...Array(20).keys()].map((epoch) => ({ ...each, epoch }))))
  const once = pairedCells(cell(a), cell(b), 7).result
  expect(once.change.p).toBe(0.0625)
  expect(pairedCells(often(a), often(b), 7).result).toEqual({ ...once, n: 200 })
})

test("where no pair differs the change is bounded, not zero: 1 - .025 ^ (1 / n)", () => {
  const { change } = pairedCells(cell(samples(20, 5)), cell(samples(20, 5)), 1).result
  const bound = 1 - 0.025 ** (1 / 20)
  expect(change).toMatchObject({ value: 0, p: 1, ciMethod: "none-differs" })
  expect(change.ci[0]).toBeCloseTo(-bound, 9)
  expect(change.ci[1]).toBeCloseTo(bound, 9)
})

test("what shares no question cannot be compared, and what is the matter is said", () => {
  const others = samples(10, 5).map((each) => ({ ...each, taskId: `other/${each.taskId}` }))
  expect(() => pairedCells(cell(samples(10, 5)), cell(others), 1)).toThrow("10 only in a, 10 only in b")
  const asked = (questionHash: string) => cell(samples(3, 1).map((each) => ({ ...each, questionHash })))
  expect(() => pairedCells(asked("one"), asked("other"), 1)).toThrow(
    "No question of bench-sandbox/calc/test can be compared between p (a) and p (b): of those asked, 3 are others under the same id. Evaluate both on the same files.",
  )
})

test("rows that count by another metric are refused", () => {
  expect(() => pairedCells(cell(samples(3, 1)), cell([sample(0, 0, { metrics: { em: 1 } })], "em"), 1)).toThrow(
    "bench-sandbox/calc/test counts by accuracy for p and by em for p",
  )
})
