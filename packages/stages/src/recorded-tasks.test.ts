/** Verdicts and outcomes are of the question that was asked: with other data under the same ids nothing is judged or kept by them. */
import {
  createRegistry,
  definePlugin,
  type JudgeVerdict,
  type OutcomeInput,
  type Task,
  type Trajectory,
  TrajectorySchema,
} from "@swirl-ts/core"
import { openRecordFile, runPaths } from "@swirl-ts/store"
import { folderDigests, idleEngine, temporaryFolder, testHost, trajectory } from "@swirl-ts/test-support"
import { trainer } from "@swirl-ts/trainer"
import { beforeEach, expect, test } from "vitest"
import { filter } from "./filter/filter.ts"
import { judge } from "./judge/judge.ts"
import { train } from "./train/train.ts"

const first = Array.from({ length: 4 }, (_, row) => ({
  id: `train/${row}`,
  question: `how much is ${row} ?`,
  answer: "7",
}))
let data: Task[] = first
let asked: string[] = []
beforeEach(() => {
  data = first
  asked = []
})

const good = (question: string): JudgeVerdict => {
  asked.push(question)
  return { verdict: "good", reason: "" }
}
const plugin = definePlugin({
  meta: { name: "mine", version: "1.0.0", apiVersion: 1 },
  benchmarks: {
    sums: {
      description: "",
      splits: ["train"],
      tools: [],
      limits: { toolCalls: 1, steps: 1, stepTokens: 9, trajectoryTokens: 99 },
      primaryMetric: "accuracy",
      load: () => data,
      prompt: () => [],
      score: ({ answer }: Task, given: string | undefined) => ({ accuracy: given === answer ? 1 : 0 }),
    },
  },
  judges: { any: { description: "", create: () => ({ identity: "any", judge: () => good("") }) } },
  oracles: {
    knows: { description: "", create: () => ({ identity: "knows", judge: (_input, task) => good(task.question) }) },
  },
  outcomeJudges: {
    reads: {
      description: "",
      create: () => ({ identity: "reads", judge: ({ question }: OutcomeInput) => good(question) }),
    },
  },
  engines: { none: { description: "", create: async () => idleEngine() } },
})

const contextOf = (directory: string) => ({
  registry: createRegistry([plugin, trainer()]),
  host: testHost(),
  directory,
  seed: 1,
  concurrency: 2,
})

async function folder(): Promise<string> {
  const directory = temporaryFolder()
  const file = await openRecordFile(runPaths(directory).trajectories, TrajectorySchema)
  for (const [row, { id, question }] of first.entries()) {
    const made: Trajectory = { ...trajectory(`t${row}`, question, [["=7"]]), taskId: id, benchmark: "mine/sums" }
    await file.append({ ...made, split: "train", answer: "7" })
  }
  await file.close()
  return directory
}

const byOutcome = { strategy: "outcome", judge: "any" }
const request = {
  ...byOutcome,
  name: "first",
  policy: "p",
  algorithm: "swirl",
  engine: "none",
  options: {},
  rolloutTasks: 0,
}
const commands: [string, (directory: string) => Promise<unknown>][] = [
  ["an oracle judge", (directory) => judge(contextOf(directory), { judge: "knows" })],
  ["a filter by the official score", (directory) => filter(contextOf(directory), byOutcome)],
  ["an outcome judge", (directory) => filter(contextOf(directory), { ...byOutcome, outcomeJudge: "reads" })],
  ["a training that filters", (directory) => train(contextOf(directory), request)],
  ["a training by an oracle", (directory) => train(contextOf(directory), { ...request, judge: "knows" })],
]

test.each(commands)(
  "%s is refused where the questions are others, or not there, and the folder stays as it is",
  async (_what, run) => {
    const directory = await folder()
    const before = folderDigests(directory)
    for (const [now, says] of [
      [
        first.map((task, row) => (row % 2 ? { ...task, question: "how old is he ?" } : task)),
        '2 of 4 were asked another question (the first: train/1 was "how much is 1 ?" and is "how old is he ?" now)',
      ],
      [first.slice(0, 3), "1 of 4 are of tasks that are not there (train/3)"],
    ] as const) {
      data = [...now]
      await expect(run(directory)).rejects.toMatchObject({ kind: "usage", message: expect.stringContaining(says) })
      await expect(run(directory)).rejects.toThrow(
        /^The trajectories of mine\/sums\/train in .*\(--data\), or generate/,
      )
      expect(folderDigests(directory)).toEqual(before)
    }
    expect(asked).toEqual([])
  },
)

test("with the questions that were asked, whatever else the data hold, everything is counted", async () => {
  const directory = await folder()
  data = [...first.toReversed(), { id: "train/9", question: "?", answer: "1" }]
  expect(await judge(contextOf(directory), { judge: "knows" })).toMatchObject({ judged: 4, good: 4 })
  expect(asked.sort()).toEqual(first.map(({ question }) => question))
  expect(await filter(contextOf(directory), byOutcome)).toMatchObject({ total: 4, kept: 4, keptRight: 4 })
})

test("the sentence names the file that was given", async () => {
  const directory = await folder()
  data = first.map((task) => ({ ...task, question: "?" }))
  const context = { ...contextOf(directory), dataPaths: { "": "/data/other.jsonl" } }
  await expect(filter(context, byOutcome)).rejects.toThrow(
    "are not of the tasks that /data/other.jsonl has now: 4 of 4",
  )
})
