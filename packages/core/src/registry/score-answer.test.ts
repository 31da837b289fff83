import { expect, test } from "vitest"
import type { Benchmark } from "../contracts/benchmark.ts"
import { scoreAnswer } from "./score-answer.ts"

const score = (given: () => unknown, abortSignal?: AbortSignal) => {
  const value = { primaryMetric: "exact", score: given } as unknown as Benchmark
  return scoreAnswer({ fullName: "mine/x", value }, { id: "a", question: "?" }, "1", { abortSignal })
}

test("metrics may come at once or later", async () => {
  expect(await score(() => ({ exact: 1 }))).toEqual({ exact: 1 })
  expect(await score(async () => ({ exact: 0.5, more: 7 }))).toEqual({ exact: 0.5, more: 7 })
})

test.each<[() => unknown, string]>([
  [() => Promise.reject(new Error("no docker")), "score failed: no docker"],
  [async () => 1, "score gave 1 in place of metrics by name"],
  [async () => ({}), "score gave no metrics"],
  [async () => ({ exact: 2 }), "score gave its primaryMetric exact as 2, which is not in [0, 1]"],
  [async () => ({ other: 1 }), "score gave no exact, which is its primaryMetric"],
  [async () => ({ exact: Number.NaN }), "score gave the metric exact as NaN"],
])("what is no score is told by the benchmark's name: %s", async (given, problem) => {
  await expect(score(given)).rejects.toThrow(`Benchmark mine/x: ${problem}`)
})

test("after an abort its reason is thrown, whatever the score threw", async () => {
  const stopped = AbortSignal.abort(new Error("stopped"))
  await expect(score(() => Promise.reject(new Error("killed")), stopped)).rejects.toThrow("stopped")
})
