import { createRegistry, definePlugin } from "@swirl-ts/core"
import { digitsBenchmark, digitTasks, temporaryFolder, testHost } from "@swirl-ts/test-support"
import { expect, test } from "vitest"
import { defineExperiment } from "./experiment.ts"
import { type Job, planJobs } from "./plan.ts"
import { evaluationsOf, generationOf } from "./run-job.ts"

const plugin = definePlugin({
  meta: { name: "kit", version: "1.0.0", apiVersion: 1 },
  benchmarks: { digits: digitsBenchmark(() => digitTasks(1)) },
})

test("an experiment's wording is that of every row, and a reference's own goes first", () => {
  const experiment = defineExperiment({
    policy: "nano",
    judge: "grounded",
    prompt: "all.txt",
    shots: 0,
    cells: ["digits/train"],
    trainings: [{ name: "first", train: ["digits"], filter: "none" }],
    references: [
      { name: "same", policy: "nano" },
      { name: "terse", policy: "nano", prompt: "terse.txt", shots: 2 },
    ],
  })
  const workingDirectory = temporaryFolder({ "all.txt": "All: {{question}}", "terse.txt": "{{question}}" })
  const context = {
    registry: createRegistry([plugin]),
    host: testHost({ workingDirectory }),
    directory: workingDirectory,
    seed: 1,
    concurrency: 1,
  }
  const asked = planJobs(experiment).flatMap((job: Job) => {
    if (job.kind === "generate") return [["generate", generationOf(context, experiment, job).prompting]] as const
    if (job.kind !== "evaluate") return []
    return [[job.row, evaluationsOf(context, experiment, job, "nano")[0]!.prompting]] as const
  })
  expect(asked.map(([row, prompting]) => [row, prompting?.template?.text, prompting?.shots])).toEqual([
    ["generate", "All: {{question}}", 0],
    ["base", "All: {{question}}", 0],
    ["first", "All: {{question}}", 0],
    ["same", "All: {{question}}", 0],
    ["terse", "{{question}}", 2],
  ])
})
