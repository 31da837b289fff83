import { join } from "node:path"
import type { EvalSample } from "@swirl-ts/core"
import { jsonLines, temporaryFolder } from "@swirl-ts/test-support"
import { expect, test } from "vitest"
import { evaluationAt } from "./evaluation-at.ts"

const sample: EvalSample = {
  schema: "swirl.eval-sample/1",
  id: "1",
  taskId: "test/0",
  trajectoryId: "t",
  benchmark: "bench-sandbox/calc",
  split: "test",
  epoch: 0,
  policy: "p",
  temperature: 0,
  status: "scored",
  metrics: { accuracy: 1 },
}
const samples = jsonLines([sample])
const run = { "run.json": "{}", "trajectories.jsonl": "", "train/a/metrics.jsonl": "" }
const under = (prefix: string, files: Record<string, string>) =>
  Object.fromEntries(Object.entries(files).map(([name, text]) => [`${prefix}/${name}`, text]))

test("a file, a policy's folder, the folder eval and a run folder are all ways to name the one evaluation in it", async () => {
  const folder = temporaryFolder(under("run", { ...run, "eval/nano-1/calc.jsonl": samples }))
  const one = join(folder, "run/eval/nano-1")
  for (const path of ["run", "run/eval", "run/eval/nano-1"]) expect(await evaluationAt(join(folder, path))).toBe(one)
  expect(await evaluationAt(join(one, "calc.jsonl"))).toBe(join(one, "calc.jsonl"))
  expect(await evaluationAt(folder)).toBe(one)
})

test("of several policies, in a run folder or below an experiment's, one has to be named, and which there are is said", async () => {
  const folder = temporaryFolder({
    ...under("base", { ...run, "eval/nano-1/calc.jsonl": samples }),
    ...under("seed-7/trained", { ...run, "eval/local-2/calc.jsonl": samples, "eval/local-3/calc.jsonl": samples }),
  })
  await expect(evaluationAt(join(folder, "seed-7/trained"))).rejects.toThrow(
    `holds the evaluations of 2 policies; name one of them in its place:\n  ${join(folder, "seed-7/trained/eval/local-2")}\n  ${join(folder, "seed-7/trained/eval/local-3")}`,
  )
  await expect(evaluationAt(folder)).rejects.toThrow(/of 3 policies/)
})

test("what holds none says so", async () => {
  const folder = temporaryFolder(under("run", run))
  await expect(evaluationAt(join(folder, "run"))).rejects.toThrow("holds no evaluation")
  await expect(evaluationAt(join(folder, "gone"))).rejects.toThrow("There is no evaluation at")
})
