import { join } from "node:path"
import { type CoverageRecord, createRegistry, definePlugin, type EvalSample, EvalSampleSchema } from "@swirl-ts/core"
import { openRecordFile, runPaths, writeDocument } from "@swirl-ts/store"
import { temporaryFolder, testHost } from "@swirl-ts/test-support"
import { expect, test } from "vitest"
import { defineExperiment } from "./experiment.ts"
import { collectMatrix } from "./matrix.ts"

const benchmark = {
  description: "",
  splits: ["train", "test"],
  tools: [],
  limits: { toolCalls: 0, steps: 1, stepTokens: 1, trajectoryTokens: 1 },
  load: () => ["a", "b", "c"].map((id) => ({ id, question: `${id}?` })),
  prompt: () => [],
  score: () => ({ exact: 1 }),
  primaryMetric: "exact",
}
const sample = (taskId: string, temperature: number): EvalSample => ({
  schema: "swirl.eval-sample/1",
  id: `${taskId}@${temperature}`,
  taskId,
  trajectoryId: taskId,
  benchmark: "own/towns",
  split: "test",
  epoch: 0,
  policy: "p",
  temperature,
  status: "scored",
  metrics: { exact: 1 },
})
const question = (gold: string[], missing: string[] = []) => ({ corpus: "towns", gold, missing })

async function columnsOf(questions: number, recorded?: CoverageRecord["cells"]) {
  const directory = temporaryFolder()
  for (const temperature of [0, 1]) {
    const paths = runPaths(join(directory, "base")).evaluation("policy", "own/towns", temperature)
    const file = await openRecordFile(paths.samples, EvalSampleSchema)
    for (const id of ["a", "b", "c"]) await file.append(sample(id, temperature))
    await file.close()
    if (recorded) await writeDocument(paths.coverage, { schema: "swirl.coverage/1", cells: recorded })
  }
  const plugin = definePlugin({
    meta: { name: "own", version: "1.0.0", apiVersion: 1 },
    benchmarks: { towns: benchmark },
  })
  const context = { registry: createRegistry([plugin]), host: testHost(), directory, seed: 1, concurrency: 1 }
  const cells = ["towns/test", "towns/test@1"]
  const experiment = { policy: "nano", judge: "form", seeds: [1], cells, trainings: [], evaluation: { questions } }
  return (await collectMatrix(context, defineExperiment(experiment))).columns!
}

test("a column says what the corpus holds of the questions that are asked, at every temperature", async () => {
  const recorded = {
    "own/towns/test": { a: question(["Oslo"]), b: question(["Oslo", "Bergen"], ["Bergen"]), c: question([]) },
  }
  const three = { coverage: { known: 2, held: 1 } }
  expect(await columnsOf(3, recorded)).toEqual({ "towns/test": three, "towns/test@1": three })
  expect((await columnsOf(1, recorded))["towns/test"]).toEqual({ coverage: { known: 1, held: 1 } })
})

test("what was not recorded of every question asked is left out, never a zero", async () => {
  expect(await columnsOf(3)).toEqual({ "towns/test": {}, "towns/test@1": {} })
  const some = { "own/towns/test": { a: question(["Oslo"]) }, "own/other/test": { b: question(["Oslo"]) } }
  expect((await columnsOf(2, some))["towns/test"]).toEqual({})
})
