import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { createRegistry, definePlugin, type EvalSample, EvalSampleSchema } from "@swirl-ts/core"
import { openRecordFile, openRun, runPaths, writeDocument } from "@swirl-ts/store"
import { temporaryFolder, testHost } from "@swirl-ts/test-support"
import { expect, test } from "vitest"
import { crossTrainings, defineExperiment } from "./experiment.ts"
import { collectMatrix } from "./matrix.ts"

const benchmark = {
  description: "",
  splits: ["train", "test"],
  tools: [],
  limits: { toolCalls: 0, steps: 1, stepTokens: 1, trajectoryTokens: 1 },
  load: () => [0, 1, 2].map((row) => ({ id: `test/${row}`, question: `question ${row}` })),
  prompt: () => [],
  score: () => ({ exact: 1 }),
  primaryMetric: "exact",
}
const plugin = definePlugin({
  meta: { name: "made-up", version: "1.0.0", apiVersion: 1 },
  benchmarks: { "plus+minus": benchmark, plus: benchmark },
})

test("a row says which cells it was trained on, whatever its benchmarks are called and however they are written", async () => {
  const directory = temporaryFolder()
  const experiment = defineExperiment({
    policy: "nano",
    judge: "form",
    seeds: [1],
    cells: ["made-up/plus+minus/test", "plus/test"],
    trainings: crossTrainings(["plus+minus"], ["none"]),
  })
  for (const folder of ["base", join("seed-1", experiment.trainings[0]!.name)]) {
    for (const name of ["made-up/plus+minus", "made-up/plus"]) {
      const { samples } = runPaths(join(directory, folder)).evaluation("policy", name)
      const file = await openRecordFile(samples, EvalSampleSchema)
      await file.append(sample(name))
      await file.close()
    }
  }
  const context = { registry: createRegistry([plugin]), host: testHost(), directory, seed: 1, concurrency: 1 }
  const { rows } = await collectMatrix(context, experiment)
  expect(rows).toMatchObject([{ train: "plus+minus", trainedOn: ["made-up/plus+minus/test"] }])
})

test("a cell is over the questions that are asked, however many its folder holds", async () => {
  const directory = temporaryFolder()
  const { samples } = runPaths(join(directory, "base")).evaluation("policy", "made-up/plus")
  const file = await openRecordFile(samples, EvalSampleSchema)
  for (const row of [0, 1, 2]) await file.append(sample("made-up/plus", row))
  await file.close()
  const context = { registry: createRegistry([plugin]), host: testHost(), directory, seed: 1, concurrency: 1 }
  const asked = async (questions: number) => {
    const experiment = { policy: "nano", judge: "form", cells: ["plus/test"], trainings: [], evaluation: { questions } }
    return (await collectMatrix(context, defineExperiment(experiment))).base["plus/test"]!.n
  }
  expect([await asked(2), await asked(3)]).toEqual([2, 3])
})

test("a split is read once for all temperatures", async () => {
  const directory = temporaryFolder()
  const { samples } = runPaths(join(directory, "base")).evaluation("policy", "made-up/counted")
  const file = await openRecordFile(samples, EvalSampleSchema)
  for (const temperature of [0, 1]) {
    await file.append({ ...sample("made-up/counted"), id: `at-${temperature}`, temperature })
  }
  await file.close()
  let reads = 0
  const load = () => {
    reads++
    return benchmark.load()
  }
  const counted = definePlugin({ meta: plugin.meta, benchmarks: { counted: { ...benchmark, load } } })
  const context = { registry: createRegistry([counted]), host: testHost(), directory, seed: 1, concurrency: 1 }
  const cells = ["counted/test", "counted/test@1"]
  const { base } = await collectMatrix(
    context,
    defineExperiment({ policy: "nano", judge: "form", cells, trainings: [] }),
  )
  expect([Object.keys(base), reads]).toEqual([cells, 1])
})

test("a training that went on stands for the checkpoint that it ends with now; until that is measured its cell is not finished", async () => {
  const directory = temporaryFolder()
  const experiment = defineExperiment({
    policy: "nano",
    judge: "form",
    seeds: [1],
    cells: ["plus/test"],
    trainings: crossTrainings(["plus"], ["none"]),
    evaluation: { questions: 1 },
  })
  const { name } = experiment.trainings[0]!
  const folder = join(directory, "seed-1", name)
  const evaluated = async (at: string, policy: string, exact: number, checkpoint?: number) => {
    const spec = { [`eval/${policy}/made-up/plus/test`]: { model: `local:/elsewhere/checkpoints/${checkpoint}` } }
    await (await openRun(at, { spec })).close()
    const file = await openRecordFile(runPaths(at).evaluation(policy, "made-up/plus").samples, EvalSampleSchema)
    await file.append({ ...sample("made-up/plus"), policy, metrics: { exact } })
    await file.close()
  }
  const stopped = { step: 6, checkpoint: 4 }
  const counts = {
    considered: 1,
    kept: 1,
    keptRight: 1,
    unscored: 0,
    steps: 6,
    oracle: false,
    alarms: [],
    seconds: 1,
    stopped,
  }
  const checkpoint = join(folder, "train", name, "checkpoints", "4")
  const result = { schema: "swirl.training-result/1", name, checkpoint, ...counts }
  await writeDocument(join(folder, "train", name, "result.json"), result)
  await evaluated(join(directory, "base"), "base", 0)
  await evaluated(folder, "after-2", 0, 2)
  const context = { registry: createRegistry([plugin]), host: testHost(), directory, seed: 1, concurrency: 1 }
  const unfinished = [`evaluate ${name} seed 1`]
  expect((await collectMatrix(context, experiment, { failed: [], unfinished })).rows).toMatchObject([
    { cells: {}, outcome: "not finished" },
  ])
  await evaluated(folder, "after-4", 1, 4)
  // What a file manager leaves behind is no policy.
  await writeFile(join(folder, "eval", ".DS_Store"), "")
  await writeFile(join(directory, "base", "eval", ".DS_Store"), "")
  const [row] = (await collectMatrix(context, experiment)).rows
  expect(row!.cells["plus/test"]).toMatchObject({ accuracy: 1, n: 1 })
  expect(row!.stopped).toEqual(stopped)
})

test("a base of a further seed says why it has no score, and no text or checkpoint names the folder that it lies in", async () => {
  const directory = temporaryFolder()
  const experiment = defineExperiment({
    policy: "nano",
    judge: "form",
    seeds: [1, 2],
    cells: ["plus/test", "plus/test@1"],
    trainings: crossTrainings(["plus"], ["none"]),
    evaluation: { questions: 1 },
  })
  const file = await openRecordFile(
    runPaths(join(directory, "base")).evaluation("policy", "made-up/plus").samples,
    EvalSampleSchema,
  )
  await file.append(sample("made-up/plus"))
  await file.close()
  const { name } = experiment.trainings[0]!
  const folder = join(directory, "seed-1", name, "train", name)
  const counts = { considered: 1, kept: 1, keptRight: 1, unscored: 0, steps: 4, oracle: false, alarms: [], seconds: 1 }
  const checkpoint = join(folder, "checkpoints", "4")
  await writeDocument(join(folder, "result.json"), { schema: "swirl.training-result/1", name, checkpoint, ...counts })
  const context = { registry: createRegistry([plugin]), host: testHost(), directory, seed: 1, concurrency: 1 }
  const failed = [{ job: `evaluate ${name} seed 2`, reason: `${join(directory, "seed-2")} is full` }]
  const matrix = await collectMatrix(context, experiment, { failed, unfinished: [] })
  expect(matrix.baseBySeed).toMatchObject([
    { seed: 1, withoutResult: { "plus/test@1": "base/eval has no samples of plus/test@1." } },
    { seed: 2, withoutResult: { "plus/test@1": expect.stringMatching(/^seed-2\/base\/eval has no samples/) } },
  ])
  expect(matrix.rows[0]!.checkpoint).toBe(`seed-1/${name}/train/${name}/checkpoints/4`)
  expect(matrix.failed).toMatchObject([{ reason: "seed-2 is full" }])
  expect(JSON.stringify(matrix)).not.toContain(directory)
})

const sample = (benchmark: string, row = 0): EvalSample => ({
  schema: "swirl.eval-sample/1",
  id: `${benchmark}/${row}`,
  taskId: `test/${row}`,
  trajectoryId: "t",
  benchmark,
  split: "test",
  epoch: 0,
  policy: "policy",
  temperature: 0,
  primaryMetric: "exact",
  status: "scored",
  metrics: { exact: 1 },
})
