import { join } from "node:path"
import { type Benchmark, createRegistry, definePlugin, type Task } from "@swirl-ts/core"
import type { StageContext } from "@swirl-ts/stages"
import { folderDigests, jsonLines, temporaryFolder, testHost } from "@swirl-ts/test-support"
import { expect, test } from "vitest"
import { crossTrainings, defineExperiment, type ExperimentInput } from "./experiment.ts"
import { guardLeaks } from "./leak-guard.ts"

const benchmark = (splits: Record<string, readonly string[]>): Benchmark => ({
  description: "",
  splits: Object.keys(splits),
  tools: [],
  limits: { toolCalls: 1, steps: 2, stepTokens: 8, trajectoryTokens: 64 },
  load: (split) => splits[split]!.map((question, row): Task => ({ id: `${split}/${row}`, question })),
  prompt: () => [],
  score: () => ({ accuracy: 0 }),
  primaryMetric: "accuracy",
})

const plugin = definePlugin({
  meta: { name: "own", version: "1.0.0", apiVersion: 1 },
  benchmarks: {
    trained: benchmark({
      train: ["How many  apples?", "How many pears?", "How many plums?"],
      test: ["How many nuts?"],
    }),
    other: benchmark({ test: ["how many PLUMS", "How many figs?"] }),
  },
  models: {
    kept: {
      description: "",
      open: () => Promise.reject(new Error("nothing is opened to look")),
      directory: (reference, host) => join(host.workingDirectory, reference),
    },
  },
})

const experiment = (facts: Partial<ExperimentInput>) =>
  defineExperiment({
    policy: "kept:none",
    judge: "form",
    cells: ["trained/test", "other/test", "other/test@1"],
    trainings: crossTrainings(["trained"], ["none"]),
    generation: { tasks: 2, samples: 1, temperature: 1 },
    rolloutTasks: 0,
    ...facts,
  })

const context = (directory: string): StageContext => ({
  registry: createRegistry([plugin]),
  host: testHost({ workingDirectory: directory }),
  directory,
  seed: 1,
  concurrency: 1,
})

test("a question that a training will see is refused in any cell, and the folder is as it was", async () => {
  const directory = temporaryFolder()
  await guardLeaks(context(directory), experiment({}))
  const more = { generation: { tasks: 3, samples: 1, temperature: 1 } }
  await expect(guardLeaks(context(directory), experiment(more))).rejects.toThrow(
    "A training of this experiment will see 1 of the 2 questions of own/other/test (1 by text), such as test/0 (trained on as train/2 of own/trained/train).",
  )
  // A roll-out would be on it.
  await expect(guardLeaks(context(directory), experiment({ rolloutTasks: 1 }))).rejects.toThrow("test/0 (watched in as")
  for (const leak of ["report", "off"] as const) await guardLeaks(context(directory), experiment({ ...more, leak }))
  expect(folderDigests(directory)).toEqual({})
})

test("what the policy that is trained, or one that is only measured, has seen before is refused, too", async () => {
  const seen = { schema: "swirl.seen-question/1", benchmark: "a/a", split: "train", question: "How many figs" }
  const directory = temporaryFolder({
    "old/seen.jsonl": jsonLines([{ ...seen, taskId: "9", use: "selection", training: "first" }]),
  })
  for (const facts of [{ policy: "kept:old" }, { references: [{ name: "old", policy: "kept:old" }] }])
    await expect(guardLeaks(context(directory), experiment(facts))).rejects.toThrow(
      "kept:old has seen 1 of the 2 questions of own/other/test (1 by text), such as test/1 (judged for as 9 of a/a/train in first)",
    )
})
