import { expect, test } from "vitest"
import type { Benchmark } from "../contracts/benchmark.ts"
import { contributionProblem } from "./contribution-schemas.ts"

const benchmarkProblem = (value: unknown) => contributionProblem("benchmarks", value)
const minimal: Benchmark = {
  description: "Capitals.",
  splits: ["dev", "test"],
  tools: [],
  limits: { toolCalls: 0, steps: 1, stepTokens: 64, trajectoryTokens: 1024 },
  async *load() {},
  prompt: () => [],
  score: () => ({ exact: 1 }),
  primaryMetric: "exact",
}
const whole: Benchmark = {
  ...minimal,
  license: "MIT",
  evaluationSplit: "dev",
  corpus: () => ({ id: "none", passages: () => [] }),
  aggregate: () => ({}),
  goldSteps: () => [],
  references: [{ what: "a model", metric: "exact", value: 0.5, citation: "a paper" }],
  sources: ["HotpotQA"],
  malformedReply: "again",
  retrieval: { goldTitles: () => [] },
  files: {
    fetch: async () => ({ files: [] }),
    score: () => ({ metrics: {}, items: [] }),
    derived: { async *twins() {} },
  },
}

test("what every benchmark has is enough, and everything that one may have is taken", () => {
  expect(benchmarkProblem(minimal)).toBeUndefined()
  expect(benchmarkProblem(whole)).toBeUndefined()
})

test.each([
  [{ splits: ["one two"] }, /^"splits.0" cannot be used: it should be a name without blanks/],
  [{ evaluationSplit: "train" }, '"evaluationSplit" cannot be used: it should be one of the splits'],
  [{ corpus: {} }, '"corpus" cannot be used: it should be a function'],
  [{ aggregate: "mean" }, '"aggregate" cannot be used: it should be a function'],
  [{ goldSteps: [] }, '"goldSteps" cannot be used: it should be a function'],
  [{ references: [{ what: "x" }] }, /^"references.0.metric" cannot be used: it should be a text, but is missing;/],
  [{ sources: "HotpotQA" }, /^"sources" cannot be used: it should be a list/],
  [{ sources: [7] }, /^"sources.0" cannot be used: it should be a text/],
  [{ malformedReply: 1 }, '"malformedReply" cannot be used: it should be a text, but is the number 1'],
  [{ retrieval: {} }, '"retrieval.goldTitles" cannot be used: it should be a function'],
  [{ retrieval: () => [] }, /^"retrieval" cannot be used: it should be an object/],
  [{ files: { fetch: true } }, '"files.fetch" cannot be used: it should be a function'],
  [{ files: { score: "em" } }, '"files.score" cannot be used: it should be a function'],
  [{ files: { derived: { twins: 1 } } }, '"files.derived.twins" cannot be used: it should be a function'],
  [{ license: undefined, load: undefined }, '"load" is missing'],
])("what is there has to be usable: %j", (part, problem) => {
  expect(benchmarkProblem({ ...whole, ...part })).toEqual(
    typeof problem === "string" ? problem : expect.stringMatching(problem),
  )
})
