import type { EvalSample } from "@swirl-ts/core"
import { expect, test } from "vitest"
import { cellResult } from "./cell-result.ts"

const sample = (question: number, epoch: number, facts: Partial<EvalSample>): EvalSample => ({
  schema: "swirl.eval-sample/1",
  id: `${question}.${epoch}`,
  taskId: `test/${question}`,
  trajectoryId: `t${question}.${epoch}`,
  benchmark: "bench-sandbox/calc",
  split: "test",
  epoch,
  policy: "p",
  status: "scored",
  metrics: {},
  ...facts,
})
const asked = (scores: number[][]): EvalSample[] =>
  scores.flatMap((epochs, question) =>
    epochs.map((accuracy, epoch) => sample(question, epoch, { metrics: { accuracy } })),
  )
const result = (samples: EvalSample[]) => cellResult({ metric: "accuracy", samples })

test("samples without a score are counted and left out, never wrong; those at a limit are wrong, and counted", () => {
  const [right, limit] = [{ accuracy: 1 }, { accuracy: 0 }]
  const samples = [
    sample(0, 0, { metrics: right }),
    sample(1, 0, { metrics: limit, status: "limit" }),
    sample(2, 0, { status: "unscored" }),
    sample(3, 0, { status: "error" }),
    sample(4, 0, { metrics: { em: 1 } }),
  ]
  expect(result(samples)).toMatchObject({ accuracy: 0.5, n: 2, questions: 2, unscored: 3, errors: 1, limits: 1 })
})

test("25 questions asked 8 times are 25 questions: the interval is that of once, where all answers are the same", () => {
  const once = asked(Array.from({ length: 25 }, (_, i) => [i < 10 ? 1 : 0]))
  const often = asked(Array.from({ length: 25 }, (_, i) => new Array<number>(8).fill(i < 10 ? 1 : 0)))
  // scipy.stats.binomtest(10, 25).proportion_ci(method="wilson")
  expect(result(once)).toMatchObject({ accuracy: 0.4, n: 25, questions: 25 })
  expect(result(once).ci[0]).toBeCloseTo(0.2340330238, 9)
  expect(result(once).ci[1]).toBeCloseTo(0.5926054264, 9)
  expect(result(often)).toEqual({ ...result(once), n: 200 })
})

test("where answers differ the interval is over questions, by t", () => {
  const { accuracy, ci, n, questions } = result(
    asked([
      [1, 0],
      [1, 1],
      [0, 0],
      [0, 1],
      [1, 1],
      [1, 0],
    ]),
  )
  // scipy.stats.t.interval(0.95, 5, 7/12, sem([.5, 1, 0, .5, 1, .5]))
  expect([accuracy, n, questions]).toEqual([7 / 12, 12, 6])
  expect(ci[0]).toBeCloseTo(0.1883401081, 9)
  expect(ci[1]).toBeCloseTo(0.9783265586, 9)
})

test("a cell without a score says so", () => {
  expect(() => result([sample(0, 0, { status: "error" })])).toThrow(
    "None of the 1 samples of bench-sandbox/calc/test by p",
  )
})
