/** What a training is given beside its trajectories: fresh episodes with outcomes, its own filter, and the reference answers behind the oracle mark. */
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import {
  type Algorithm,
  createRegistry,
  definePlugin,
  type Engine,
  type MetricRecord,
  messageText,
  parsePromptTemplate,
  promptingSettings,
  type Task,
  type TrainingContext,
  TrajectorySchema,
} from "@swirl-ts/core"
import { judges } from "@swirl-ts/judges"
import { formats } from "@swirl-ts/runner"
import { openRecordFile, openRun, runPaths, type Settings } from "@swirl-ts/store"
import {
  digitsBenchmark,
  digitTasks,
  digitTrajectory,
  fakeModel,
  folderDigests,
  idleEngine,
  temporaryFolder,
  testHost,
} from "@swirl-ts/test-support"
import { trainer } from "@swirl-ts/trainer"
import { beforeEach, expect, test } from "vitest"
import { train } from "./train.ts"
import type { TrainRequest } from "./training-stage.ts"

let tasks: Task[]
beforeEach(() => {
  tasks = digitTasks(3, 1, 2)
})
const seen: TrainingContext[] = []
const probe = (needs?: Algorithm["needs"]): Algorithm => ({
  description: "",
  needs,
  async train(context) {
    seen.push(context)
    const metric: MetricRecord = { schema: "swirl.metric/1", step: 0, values: {}, alarms: [] }
    writeFileSync(join(context.directory, "metrics.jsonl"), `${JSON.stringify(metric)}\n`)
    return { checkpoint: "", steps: 1, alarms: [] }
  },
})
/** Answers by the seed, so that samples differ and the same seed gives the same; about task 2 it fails. */
const model = fakeModel(({ prompt, seed }) => {
  if (JSON.stringify(prompt).includes("which is 2")) throw new Error("no idea")
  return `<answer>${1 + ((seed ?? 0) % 3)}</answer>`
})
const plugin = definePlugin({
  meta: { name: "kit", version: "1.0.0", apiVersion: 1 },
  benchmarks: {
    digits: digitsBenchmark(() => tasks),
  },
  outcomeJudges: {
    two: {
      description: "",
      create: ({ strict = false }) => ({
        identity: strict ? "two/strict" : "two",
        judge: ({ answer }) => ({ verdict: answer === "2" ? "good" : answer === "3" ? "unscored" : "bad", reason: "" }),
      }),
    },
  },
  engines: {
    here: { description: "", create: async (): Promise<Engine> => ({ ...idleEngine(), languageModel: () => model }) },
  },
  algorithms: {
    plain: probe(),
    fresh: probe(["rollouts"]),
    gold: probe(["gold"]),
    rounds: { ...probe(), amounts: ["rounds"] },
  },
})
const contextOf = (directory: string) => ({
  registry: createRegistry([plugin, judges(), trainer(), formats()]),
  host: testHost(),
  directory,
  seed: 1,
  concurrency: 2,
})
const request: TrainRequest = {
  name: "first",
  policy: "local:policy",
  algorithm: "plain",
  engine: "here",
  strategy: "outcome",
  judge: "form",
  options: {},
  rolloutTasks: 0,
}

/** A folder with a right answer to task 1 and wrong ones to the others. */
async function recorded(ids = ["1", "2", "3"]): Promise<string> {
  const directory = temporaryFolder()
  await record(directory, ids)
  return directory
}
async function record(directory: string, ids: readonly string[], answer = "1"): Promise<void> {
  const file = await openRecordFile(runPaths(directory).trajectories, TrajectorySchema)
  for (const id of ids) await file.append(digitTrajectory(id, answer))
  await file.close()
}
const contextFor = async (directory: string, changes: Partial<TrainRequest> = {}): Promise<TrainingContext> => {
  await train(contextOf(directory), { ...request, ...changes })
  return seen.at(-1)!
}
const at = (taskId: string) => ({ benchmark: "kit/digits", split: "train", taskId })

test("fresh episodes come in the order of the tasks with the benchmark's score, and none where they ended in an error", async () => {
  const { rollouts, tasks: known } = await contextFor(await recorded())
  expect(known).toEqual(["1", "2", "3"].map(at))
  const episodes = await rollouts!([at("3"), at("2"), at("1")], 4, 7)
  expect(episodes.map(({ taskId, epoch }) => `${taskId} ${epoch}`)).toEqual(
    ["3", "2", "1"].flatMap((id) => [0, 1, 2, 3].map((epoch) => `${id} ${epoch}`)),
  )
  for (const { taskId, answer, outcome, status } of episodes) {
    if (taskId === "2") expect([status, outcome]).toEqual(["error", undefined])
    else expect(outcome).toBe(answer === taskId ? 1 : 0)
  }
  const outcomes = (all: typeof episodes) => all.map(({ answer, outcome }) => [answer, outcome])
  expect(new Set(episodes.map(({ outcome }) => outcome)).size).toBe(3)
  expect(outcomes(await rollouts!([at("3"), at("2"), at("1")], 4, 7))).toEqual(outcomes(episodes))
  expect(outcomes(await rollouts!([at("3"), at("2"), at("1")], 4, 8))).not.toEqual(outcomes(episodes))
  await expect(rollouts!([at("4")], 1, 1)).rejects.toThrow(
    "The task 4 of kit/digits/train is not one of this training's",
  )
})

test("fresh episodes and roll-outs are asked as the trajectories were", async () => {
  const template = parsePromptTemplate("Think.\nQ: {{question}}", "mine.txt")
  const stage = { "generate/kit/digits/train": promptingSettings({ template }) as Settings }
  const asked = async (directory: string, changes?: Partial<TrainRequest>) => {
    const { rollouts, rollout } = await contextFor(directory, changes)
    const before = model.calls.length
    await rollouts!([at("1")], 1, 7)
    await rollout?.(model, { step: 0, seed: 1 })
    return model.calls.slice(before).map(({ prompt }) => messageText(prompt[0]!))
  }
  expect(await asked(await recorded())).toEqual(["which is 1 ?"])
  const directory = await recorded(["1"])
  await (await openRun(directory, { spec: stage })).close()
  expect(await asked(directory, { rolloutTasks: 1 })).toEqual(["Think.\nQ: which is 1 ?", "Think.\nQ: which is 3 ?"])

  const other = await recorded(["2"])
  await expect(contextFor(directory, { name: "both", sources: [directory, other] })).rejects.toThrow(
    /kit\/digits\/train in .* were asked by different prompts\. Train on one\./,
  )
})

test("the training's own filter is applied to fresh episodes as it was to the recorded ones", async () => {
  const { rollouts, keep } = await contextFor(await recorded())
  const episodes = await rollouts!([at("3"), at("1")], 4, 7)
  const kept = await keep!(episodes)
  expect(kept).toEqual(episodes.filter(({ outcome }) => outcome === 1))
  const all = await contextFor(await recorded(), { strategy: "none" })
  expect(await all.keep!(episodes)).toEqual(episodes)
})

test("where an outcome judge said which answers are right, it says so of later rounds, too", async () => {
  const directory = temporaryFolder()
  await record(directory, ["1"], "2")
  const by = { outcomeJudge: "two", algorithm: "rounds", options: { rounds: 2 } }
  const { rollouts, keep } = await contextFor(directory, by)
  const episodes = await rollouts!([at("1")], 12, 7)
  const kept = await keep!(episodes)
  expect(kept).toEqual(episodes.filter(({ answer }) => answer === "2"))
  expect(kept.length).toBeGreaterThan(0)
  // Whoever goes on names the same judge.
  await expect(contextFor(directory, { ...by, outcomeOptions: { strict: true } })).rejects.toMatchObject({
    kind: "usage",
    message: expect.stringMatching(
      /by the outcome judge two, and that is another one now \(two then, two\/strict now\)/,
    ),
  })
})

test("reference answers are given only to who needs them, and mark the training as oracle", async () => {
  expect((await contextFor(await recorded())).gold).toBeUndefined()
  const marks = []
  for (const algorithm of ["plain", "fresh", "gold"])
    marks.push((await train(contextOf(await recorded()), { ...request, algorithm })).oracle)
  expect(marks).toEqual([false, false, true])
  expect(await seen.at(-1)!.gold!(at("2"))).toEqual(["2"])
})

test("where the benchmark hides its answers, that is said before the engine is made and anything is written", async () => {
  const directory = await recorded()
  const before = folderDigests(directory)
  tasks = tasks.map(({ answer: _, ...task }) => task)
  await expect(
    train(contextOf(directory), { ...request, strategy: "none", algorithm: "gold", engine: "here" }),
  ).rejects.toMatchObject({
    kind: "usage",
    message: expect.stringMatching(
      /gold.*needs the reference answers, and 3 of the 3 tasks have none .*Train on a split/,
    ),
  })
  expect(folderDigests(directory)).toEqual(before)
})

test("a training goes on with the tasks that it began with", async () => {
  const directory = await recorded(["1", "2"])
  const began = await contextFor(directory, { algorithm: "fresh" })
  await record(directory, ["3"])
  expect((await contextFor(directory, { algorithm: "fresh" })).tasks).toEqual(began.tasks)
  expect((await contextFor(directory, { algorithm: "fresh", name: "second" })).tasks).toHaveLength(3)
})

test("what fresh episodes are made of counts as trained on, and what a filter dropped as seen only", async () => {
  const uses = async (algorithm: string) => {
    const directory = await recorded()
    await train(contextOf(directory), { ...request, algorithm })
    const { seen: path } = runPaths(directory).training("first")
    return readFileSync(path, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).use)
  }
  expect(await uses("plain")).toEqual(["training", "selection", "selection"])
  expect(await uses("fresh")).toEqual(["training", "training", "training"])
})

test("fresh episodes and roll-outs are made within the limits of the trajectories, the tightest of several folders", async () => {
  const most = async (directory: string, changes?: Partial<TrainRequest>) => {
    const { rollouts, rollout } = await contextFor(directory, { rolloutTasks: 1, ...changes })
    const before = model.calls.length
    await rollouts!([at("1")], 1, 7)
    await rollout?.(model, { step: 0, seed: 1 })
    return model.calls.slice(before).map(({ maxOutputTokens }) => maxOutputTokens)
  }
  expect(await most(await recorded(["1"]))).toEqual([9, 9])
  const limited = async (limits: object, ids: string[]) => {
    const directory = await recorded(ids)
    await (await openRun(directory, { spec: { "generate/kit/digits/train": { limits } } })).close()
    return directory
  }
  const one = await limited({ stepTokens: 7, steps: 1 }, ["1"])
  expect(await most(one)).toEqual([7, 7])
  expect(await most(one, { name: "two", sources: [one, await limited({ stepTokens: 5 }, ["2"])] })).toEqual([5, 5])
})
