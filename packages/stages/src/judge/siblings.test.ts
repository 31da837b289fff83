/** Siblings through the stages: verdicts name their set, other trajectories make them stale, and a training keeps those it began with. */
import { appendFileSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import {
  createRegistry,
  definePlugin,
  type JudgeRequest,
  type JudgeVerdict,
  type MetricRecord,
  type Trajectory,
  TrajectorySchema,
  userMessage,
  type VerdictRecord,
} from "@swirl-ts/core"
import { judges } from "@swirl-ts/judges"
import { formats } from "@swirl-ts/runner"
import { openRecordFile, runPaths } from "@swirl-ts/store"
import { action, idleEngine, temporaryFolder, testHost, trajectory } from "@swirl-ts/test-support"
import { trainer } from "@swirl-ts/trainer"
import { expect, test } from "vitest"
import { z } from "zod"
import { filter } from "../filter/filter.ts"
import { train } from "../train/train.ts"
import type { TrainRequest } from "../train/training-stage.ts"
import { judge } from "./judge.ts"
import { openJudge } from "./open-judge.ts"

let called = 0
/** Adds; the other one may not be called again. */
const adds = (isRepeatable: boolean) => ({
  description: "adds",
  inputSchema: z.object({ expression: z.string() }),
  isRepeatable,
  execute: ({ expression }: { expression: string }) => {
    called++
    return String(expression.split("+").reduce((sum, part) => sum + Number(part), 0))
  },
})
const asked = async ({ judge: by }: { judge(requests: readonly JudgeRequest[]): Promise<JudgeVerdict[]> }) =>
  by([fresh("3 + 3"), fresh("3 + 4"), fresh("=6")])
const rewards: string[][] = []

const plugin = definePlugin({
  meta: { name: "kit", version: "1.0.0", apiVersion: 1 },
  tools: { calculator: adds(true), spends: { ...adds(false), tag: { name: "spends", argument: "expression" } } },
  benchmarks: {
    sums: {
      description: "",
      splits: ["train"],
      tools: [{ name: "calculator" }, { name: "spends" }],
      limits: { toolCalls: 2, steps: 3, stepTokens: 9, trajectoryTokens: 99 },
      primaryMetric: "accuracy",
      async *load() {
        for (const id of ["1", "2"]) yield { id, question: `sum ${id} ?`, answer: "6" }
      },
      prompt: () => [userMessage("?")],
      score: (_task: unknown, answer: string | undefined) => ({ accuracy: answer === "6" ? 1 : 0 }),
    },
  },
  judges: {
    /** It is shown neither siblings nor what the call gives. */
    brief: {
      description: "",
      create: ({ longest = 9 }) => ({
        identity: `brief ${longest}`,
        judge: ({ action: { text, result }, siblings }) => {
          if (result || siblings) throw new Error("it sees more than it asked for")
          if (text.includes("8")) return { verdict: "unscored", reason: "no opinion of 8" }
          return { verdict: text.length <= Number(longest) ? "good" : "bad", reason: `${text.length} characters` }
        },
      }),
    },
  },
  engines: { none: { description: "", create: async () => idleEngine() } },
  algorithms: {
    probe: {
      description: "asks the judge, and remembers what it says",
      amounts: ["iterations"],
      async train(context) {
        rewards.push((await asked(context)).map(({ verdict }) => verdict))
        const metric: MetricRecord = { schema: "swirl.metric/1", step: 0, values: {}, alarms: [] }
        appendFileSync(join(context.directory, "metrics.jsonl"), `${JSON.stringify(metric)}\n`)
        return { checkpoint: "", steps: 1, alarms: [] }
      },
    },
  },
})

const said: string[] = []
const contextOf = (directory: string) => ({
  registry: createRegistry([plugin, judges(), trainer(), formats()]),
  host: testHost({ log: (line: string) => said.push(line) }),
  directory,
  seed: 1,
  concurrency: 2,
})

/** One call and the answer. */
const made = (id: string, taskId: string, [query, result]: readonly [string, string], answer: string): Trajectory => ({
  ...trajectory(id, `sum ${taskId} ?`, [[query, result], [`=${answer}`]]),
  taskId,
  benchmark: "kit/sums",
  split: "train",
  answer,
})
const right = (id: string, taskId = "1") => made(id, taskId, ["2 + 4", "6"], "6")

async function add(directory: string, ...trajectories: Trajectory[]): Promise<void> {
  const file = await openRecordFile(runPaths(directory).trajectories, TrajectorySchema)
  for (const each of trajectories) await file.append(each)
  await file.close()
}

function fresh(written: string): JudgeRequest {
  const input = {
    prompt: [userMessage("sum 1 ?")],
    conversation: [],
    action: { text: written, action: action(written) },
  }
  return { input, taskId: "1", benchmark: "kit/sums", split: "train" }
}

const recorded = (directory: string): VerdictRecord[] =>
  readFileSync(runPaths(directory).verdicts, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line))

test("verdicts name the set they were made from; an unrelated question leaves them, one more trajectory makes them stale", async () => {
  const directory = temporaryFolder()
  await add(directory, ...["a", "b", "c"].map((id) => right(id)), made("d", "1", ["2 + 5", "7"], "7"))
  const context = contextOf(directory)
  expect(await judge(context, { judge: "consensus" })).toMatchObject({ judged: 8, good: 6, bad: 2, stale: 0 })
  const before = recorded(directory)
  expect(new Set(before.map(({ siblings }) => siblings))).toEqual(new Set([expect.stringMatching(/^[0-9a-f]{16}$/)]))

  await add(directory, right("e", "2"))
  expect(await judge(context, { judge: "consensus" })).toMatchObject({ judged: 2, skipped: 8, unscored: 2, stale: 0 })
  expect(recorded(directory).slice(0, 8)).toEqual(before)
  expect(await filter(context, { strategy: "process", judge: "consensus" })).toMatchObject({ kept: 3, unscored: 1 })

  await add(directory, ...["f", "g", "h"].map((id) => made(id, "1", ["2 + 5", "7"], "7")))
  said.length = 0
  await expect(filter(context, { strategy: "process", judge: "consensus" })).resolves.toMatchObject({ kept: 0 })
  expect(said.join()).toMatch(/8 verdicts of consensus in .* are stale.*swirl judge --judge consensus/)
  said.length = 0
  expect(await judge(context, { judge: "consensus" })).toMatchObject({ good: 8, bad: 6, stale: 8 })
  expect(said.join()).toMatch(/8 verdicts of consensus are stale: their questions have other trajectories now/)
  const ids = recorded(directory).map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids).toEqual(expect.arrayContaining(before.map(({ id }) => id)))
})

test("where every verdict is stale, the filter says what to do", async () => {
  const directory = temporaryFolder()
  await add(directory, right("a"), right("b"))
  const context = contextOf(directory)
  await judge(context, { judge: "consensus", options: { agree: 2 } })
  await add(directory, right("c"))
  const again = filter(context, { strategy: "process", judge: "consensus", judgeOptions: { agree: 2 } })
  await expect(again).rejects.toMatchObject({ kind: "usage", message: expect.stringContaining("All 4 verdicts") })
})

test("a fresh action is judged by what its call gives; a tool that is not repeatable is not called", async () => {
  const sets = { of: () => ({ digest: "", siblings: [1, 2, 3].map(() => ({ answer: "6", results: [six] })) }) }
  const six = { tool: "calculator", input: {}, text: "6.0" }
  const opened = openJudge(contextOf(temporaryFolder()), "consensus")
  called = 0
  const spends = fresh("3 + 3")
  spends.input.action.action = { kind: "tool", tool: "spends", input: { expression: "3 + 3" }, query: "3 + 3" }
  const verdicts = await opened.verdicts([fresh("3 + 3"), fresh("3 + 4"), spends], sets)
  expect(verdicts.map(({ verdict }) => verdict)).toEqual(["good", "bad", "unscored"])
  expect(called).toBe(2)
  expect((await opened.verdicts([fresh("3 + 3")])).map(({ verdict }) => verdict)).toEqual(["unscored"])
  await opened.close()
})

const request: TrainRequest = {
  name: "first",
  policy: "p",
  algorithm: "probe",
  engine: "none",
  strategy: "process",
  judge: "consensus",
  options: { iterations: 1 },
  rolloutTasks: 0,
}

test("a training goes by the votes it began with, whatever is generated afterwards, and says which", async () => {
  const directory = temporaryFolder()
  const ids = ["a", "b", "c"]
  await add(directory, ...ids.map((id) => right(id)))
  const context = contextOf(directory)
  await judge(context, { judge: "consensus" })
  rewards.length = 0
  await train(context, request)
  const { selection } = runPaths(directory).training("first")
  const began = JSON.parse(readFileSync(selection, "utf8"))
  expect(began.siblings).toEqual({ digest: expect.stringMatching(/^[0-9a-f]{16}$/), ids })

  // Now most say seven.
  await add(directory, ...["d", "e", "f", "g"].map((id) => made(id, "1", ["3 + 4", "7"], "7")))
  await train(context, { ...request, options: { iterations: 2 } })
  expect(JSON.parse(readFileSync(selection, "utf8"))).toEqual(began)
  await judge(context, { judge: "consensus" })
  await train(context, { ...request, name: "second" })
  expect(rewards).toEqual([
    ["good", "bad", "bad"],
    ["good", "bad", "bad"],
    ["bad", "good", "bad"],
  ])
})

test("a training whose voters were taken away is refused", async () => {
  const directory = temporaryFolder()
  await add(directory, ...["a", "b", "c"].map((id) => right(id)), made("d", "1", ["2 + 5", "7"], "7"))
  const context = contextOf(directory)
  await judge(context, { judge: "consensus" })
  await train(context, request)
  const { trajectories } = runPaths(directory)
  const lines = readFileSync(trajectories, "utf8").split("\n")

  writeFileSync(trajectories, lines.filter((line) => !line.includes('"id":"d"')).join("\n"))
  await expect(train(context, { ...request, options: { iterations: 2 } })).rejects.toMatchObject({
    kind: "usage",
    message: expect.stringMatching(/goes by 4 trajectories that it began with, and they are others now/),
  })
})

test("judges in conjunction: good is what all call good, bad what one calls bad, each shown what it asks for alone", async () => {
  const directory = temporaryFolder()
  await add(directory, ...["a", "b", "c"].map((id) => right(id)), made("d", "1", ["1 + 2 + 3", "6"], "6"))
  await add(directory, made("e", "1", ["8 + 1", "9"], "6"))
  const context = contextOf(directory)
  const both = { judge: "brief+consensus", options: { "brief.longest": 8 } }
  await judge(context, both)
  await judge(context, { judge: "brief", options: { longest: 8 } })
  await judge(context, { judge: "consensus" })
  const of = (whose: RegExp) =>
    recorded(directory)
      .filter((each) => whose.test(each.judge))
      .sort((a, b) => (a.trajectoryId + a.step < b.trajectoryId + b.step ? -1 : 1))
  const [all, brief, consensus] = [of(/^all of/), of(/^brief/), of(/^judges\/consensus/)]
  expect(all.map(({ verdict }) => verdict)).toEqual(
    brief.map(({ verdict: one }, index) => {
      const words = [one, consensus[index]!.verdict]
      return words.includes("bad") ? "bad" : words.includes("unscored") ? "unscored" : "good"
    }),
  )
  expect(new Set(all.map(({ verdict }) => verdict))).toEqual(new Set(["good", "bad", "unscored"]))
  expect(all[0]).toMatchObject({
    judge: expect.stringMatching(/^all of brief 8 and judges\/consensus/),
    siblings: consensus[0]!.siblings,
  })
  expect(await filter(context, { strategy: "process", judge: both.judge, judgeOptions: both.options })).toMatchObject({
    kept: 3,
  })
})

test("in a training judges in conjunction are asked the same, and a list of judges is none", async () => {
  const directory = temporaryFolder()
  await add(directory, ...["a", "b", "c"].map((id) => right(id)))
  const context = contextOf(directory)
  const both = { judge: "consensus+brief", judgeOptions: { "brief.longest": 5 } }
  await judge(context, { judge: both.judge, options: both.judgeOptions })
  rewards.length = 0
  await train(context, { ...request, ...both })
  // 3 + 3 is as long as allowed and gives what was agreed on; 3 + 4 gives something else.
  expect(rewards).toEqual([["good", "bad", "bad"]])
  const list = judge(context, { judge: "consensus,brief" })
  await expect(list).rejects.toThrow('"consensus,brief" is a list of judges, and one is wanted')
  const whose = judge(context, { judge: both.judge, options: { agree: 2 } })
  await expect(whose).rejects.toThrow("The option agree does not say which of the judges consensus, brief it is of")
})
