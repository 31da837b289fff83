/** What has ended needs neither engine nor server: a finished experiment is looked at and run again where its engine's server is gone. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { createRegistry, definePlugin, SwirlError, userMessage } from "@swirl-ts/core"
import { type StageContext, train } from "@swirl-ts/stages"
import { fakeModel, idleEngine, plainFormat, temporaryFolder, testHost } from "@swirl-ts/test-support"
import { expect, test } from "vitest"
import { checkNames } from "./check-names.ts"
import { defineExperiment, type Experiment } from "./experiment.ts"
import { planJobs } from "./plan.ts"
import { runJob, trainingOf } from "./run-job.ts"

/** What the engine is asked for, in order; its server is gone where `isGone`. */
function place() {
  const asked: string[] = []
  const server = { isGone: false }
  const ask = (what: string): void => {
    asked.push(what)
    if (server.isGone) throw new SwirlError("The server is gone.", { kind: "usage" })
  }
  const directory = temporaryFolder()
  const checkpoint = join(directory, "checkpoint")
  mkdirSync(checkpoint)
  const plugin = definePlugin({
    meta: { name: "own", version: "1.0.0", apiVersion: 1 },
    models: {
      fake: { description: "", open: async () => ({ model: fakeModel(() => "Oslo"), identity: "fake" }) },
      local: { description: "", open: async () => ({ model: fakeModel(() => "Oslo"), identity: "trained" }) },
    },
    actionFormats: { plain: plainFormat },
    judges: {
      good: { description: "", create: () => ({ identity: "good", judge: () => ({ verdict: "good", reason: "" }) }) },
    },
    filters: { all: { description: "", needs: [], keep: () => true } },
    benchmarks: {
      towns: {
        description: "",
        splits: ["train", "test"],
        tools: [],
        limits: { toolCalls: 0, steps: 1, stepTokens: 9, trajectoryTokens: 99 },
        load: (split: string) => [{ id: split, question: `which of ${split}?`, answer: "Oslo" }],
        prompt: ({ question }) => [userMessage(question)],
        score: () => ({ exact: 1 }),
        primaryMetric: "exact",
      },
    },
    engines: {
      elsewhere: {
        description: "",
        check: () => ask("check"),
        create: async () => {
          ask("create")
          return idleEngine()
        },
      },
    },
    algorithms: {
      copy: {
        description: "",
        amounts: ["iterations"],
        train: async ({ directory, options }) => {
          mkdirSync(directory, { recursive: true })
          const metric = { schema: "swirl.metric/1", step: 1, values: {} }
          writeFileSync(join(directory, "metrics.jsonl"), `${JSON.stringify(metric)}\n`)
          return { checkpoint, steps: Number(options.iterations), alarms: [] }
        },
      },
    },
  })
  const context: StageContext = {
    registry: createRegistry([plugin]),
    host: testHost(),
    directory,
    seed: 1,
    concurrency: 1,
  }
  return { context, asked, server, checkpoint }
}

const experimentOf = (iterations: number): Experiment =>
  defineExperiment({
    policy: "fake:x",
    judge: "good",
    actionFormat: "plain",
    engine: "elsewhere",
    seeds: [1],
    cells: ["towns/test"],
    trainings: [{ name: "first", train: ["towns"], filter: "all", algorithm: "copy" }],
    training: { iterations },
    generation: { tasks: 1, samples: 1, temperature: 1 },
    evaluation: { questions: 1 },
    rolloutTasks: 0,
  })

async function run(context: StageContext, experiment: Experiment): Promise<void> {
  await checkNames(context, experiment, "The experiment")
  for (const job of planJobs(experiment)) await runJob(context, experiment, job)
}

test("a finished experiment asks its engine nothing; more steps of a training do", async () => {
  const { context, asked, server } = place()
  await run(context, experimentOf(1))
  expect(asked).toEqual(["check", "check", "create"])

  server.isGone = true
  await run(context, experimentOf(1))
  expect(asked).toHaveLength(3)
  await expect(run(context, experimentOf(2))).rejects.toThrow("engine: The server is gone.")

  server.isGone = false
  await run(context, experimentOf(2))
  expect(asked.slice(-3)).toEqual(["check", "check", "create"])
})

test("a finished training of other settings is refused as before, and one whose checkpoint is gone is made again", async () => {
  const { context, asked, checkpoint } = place()
  await run(context, experimentOf(1))
  const experiment = experimentOf(1)
  const job = planJobs(experiment).find((each) => each.kind === "train")!
  const request = trainingOf(context, experiment, job)
  const here = { ...context, directory: join(context.directory, job.folder), seed: job.seed }
  const result = await train(here, request)
  expect(asked).toHaveLength(3)
  expect(result).toMatchObject({ name: "first", steps: 1 })
  await expect(train({ ...here, seed: 2 }, request)).rejects.toThrow(/seed/)
  expect(asked).toHaveLength(3)

  rmSync(checkpoint, { recursive: true })
  await train(here, request)
  expect(asked).toEqual(["check", "check", "create", "check", "create"])
})
