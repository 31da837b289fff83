import { createRegistry, type EvalSample } from "@swirl-ts/core"
import { jsonLines, temporaryFolder } from "@swirl-ts/test-support"
import { expect, test } from "vitest"
import { readEvaluation } from "./read-evaluation.ts"

const sample = (facts: Partial<EvalSample>): EvalSample => ({
  schema: "swirl.eval-sample/1",
  id: `${facts.taskId}@${facts.temperature}`,
  taskId: "test/0",
  trajectoryId: "t",
  benchmark: "kit/math-500",
  split: "test",
  epoch: 0,
  policy: "p",
  status: "scored",
  primaryMetric: "exact",
  metrics: { f1: 0.5, exact: 1 },
  ...facts,
})
const registry = createRegistry([])
const read = async (files: Record<string, EvalSample[]>) => {
  const folder = temporaryFolder(
    Object.fromEntries(Object.entries(files).map(([name, samples]) => [`eval/p/${name}`, jsonLines(samples)])),
  )
  const cells = await readEvaluation(registry, `${folder}/eval/p`)
  return [...cells].map(([name, { metric, samples }]) => [name, metric, samples.length])
}

test("cells are what the samples say, whatever their file is called, and two may share one", async () => {
  const [greedy, sampled] = [sample({ temperature: 0 }), sample({ temperature: 500 })]
  expect(await read({ "anything-7.jsonl": [greedy, sampled] })).toEqual([
    ["kit/math-500/test", "exact", 1],
    ["kit/math-500/test@500", "exact", 1],
  ])
})

test("samples of an unknown temperature count as greedy; two files of them are refused, and said which", async () => {
  const unsaid = sample({})
  expect(await read({ "math-500-1.jsonl": [unsaid] })).toEqual([["kit/math-500/test", "exact", 1]])
  await expect(read({ "a.jsonl": [unsaid], "b.jsonl": [unsaid] })).rejects.toThrow(
    /a\.jsonl and .*b\.jsonl both hold samples of kit\/math-500\/test that say no temperature, and no run\.json/,
  )
})
