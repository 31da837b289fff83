import { cpSync } from "node:fs"
import { basename, join } from "node:path"
import { createRegistry, definePlugin } from "@swirl-ts/core"
import { evaluateCells } from "@swirl-ts/stages"
import { openRun } from "@swirl-ts/store"
import { fakeModel, folderDigests, jsonLines, plainFormat, temporaryFolder, testHost } from "@swirl-ts/test-support"
import { expect, test } from "vitest"
import { checkPlan } from "./check-plan.ts"
import { crossTrainings, defineExperiment } from "./experiment.ts"

const plugin = definePlugin({
  meta: { name: "own", version: "1.0.0", apiVersion: 1 },
  algorithms: { swirl: { description: "", train: async () => ({ checkpoint: "", steps: 0, alarms: [] }) } },
  benchmarks: {
    numbers: {
      description: "",
      splits: ["train", "test"],
      tools: [],
      limits: { toolCalls: 0, steps: 1, stepTokens: 1, trajectoryTokens: 1 },
      load: () => [{ id: "one", question: "1" }],
      prompt: () => [],
      score: () => ({ exact: 1 }),
      primaryMetric: "exact",
    },
  },
  models: {
    local: {
      description: "",
      open: async (weights) => ({ model: fakeModel(() => ""), identity: basename(weights), identityIsDigest: true }),
    },
    fake: { description: "", open: async (identity) => ({ model: fakeModel(() => ""), identity }) },
  },
  actionFormats: {
    tags: { ...plainFormat, name: "tags" },
    json: { ...plainFormat, name: "json" },
  },
})

const context = (directory: string) => ({
  registry: createRegistry([plugin]),
  host: testHost(),
  directory,
  seed: 1,
  concurrency: 1,
})
const evaluated = (folder: string, model: string, actionFormat = "tags") =>
  evaluateCells(context(folder), [{ benchmark: "numbers", split: "test", model, epochs: 1, actionFormat }])
const cells = { judge: "form", seeds: [1], cells: ["numbers/test"] }

test("a training with other options is refused before any job, and every file is as before", async () => {
  const directory = temporaryFolder()
  const [training] = crossTrainings(["calc"], ["none"])
  const plan = { policy: "nano", judge: "form", seeds: [1], cells: ["calc/test"], trainings: [training!] }
  const folder = join(directory, "seed-1", training!.name)
  await checkPlan(context(directory), defineExperiment(plan))
  await (await openRun(folder, { spec: { [`train/${training!.name}`]: { options: { states: 4 } } } })).close()
  const metric = { schema: "swirl.metric/1", step: 1, values: {} }
  const made = temporaryFolder({ "metrics.jsonl": jsonLines([metric]) })
  cpSync(made, join(folder, "train", training!.name), { recursive: true })
  const before = folderDigests(directory)
  await expect(checkPlan(context(directory), defineExperiment(plan))).rejects.toThrow(
    'options was {"states":4} and is {} now',
  )
  expect(folderDigests(directory)).toEqual(before)
})

test("a row that was measured as another policy is refused before any job, wherever its weights lie; every file is as before", async () => {
  const directory = temporaryFolder()
  const plan = (policy: string, reference: string, only?: string[]) => {
    const references = [{ name: "other", policy: reference }]
    return checkPlan(context(directory), defineExperiment({ ...cells, policy, references, trainings: [] }), only)
  }
  await evaluated(join(directory, "base"), "fake:a")
  await evaluated(join(directory, "other"), "local:old/weights")
  const before = folderDigests(directory)
  await plan("fake:a", "local:new/weights")
  await expect(plan("fake:b", "fake:b")).rejects.toThrow(
    /base holds the evaluation of fake:a, and the row "base" is of fake:b now, another policy\. .*--run folder/,
  )
  await expect(plan("fake:a", "local:others")).rejects.toThrow(/other holds the evaluation of local:old\/weights, and/)
  await plan("fake:a", "local:others", ["base"])
  expect(folderDigests(directory)).toEqual(before)
  await evaluated(join(directory, "base"), "fake:b")
  await expect(plan("fake:a", "local:old/weights")).rejects.toThrow(/eval holds 2 evaluated policies/)
})

test("of a training that went on the checkpoint that it ends with is checked, not the first that was measured", async () => {
  const directory = temporaryFolder()
  const [training] = crossTrainings(["numbers"], ["none"])
  const folder = join(directory, "seed-1", training!.name)
  await evaluated(folder, "local:checkpoints/1")
  await evaluated(folder, "local:checkpoints/2", "json")
  const endsWith = (step: number) =>
    cpSync(
      temporaryFolder({
        "result.json": {
          schema: "swirl.training-result/1",
          name: training!.name,
          checkpoint: `checkpoints/${step}`,
          ...result,
        },
      }),
      join(folder, "train", training!.name),
      { recursive: true },
    )
  const plan = () =>
    checkPlan(context(directory), defineExperiment({ ...cells, policy: "fake:a", trainings: [training!] }))
  endsWith(1)
  await plan()
  endsWith(2)
  await expect(plan()).rejects.toThrow('actionFormat was "json" and is "tags" now')
})
const result = { steps: 1, alarms: [], considered: 1, kept: 1, keptRight: 1, unscored: 0, oracle: false, seconds: 1 }
