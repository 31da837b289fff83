import { readFile } from "node:fs/promises"
import { createRegistry, definePlugin, type JudgeVerdict, type Trajectory, TrajectorySchema } from "@swirl-ts/core"
import { openRecordFile, runPaths } from "@swirl-ts/store"
import { temporaryFolder, testHost } from "@swirl-ts/test-support"
import { expect, test } from "vitest"
import { judge } from "./judge.ts"
import { openJudge } from "./open-judge.ts"

const trajectory: Trajectory = {
  schema: "swirl.trajectory/1",
  id: "t",
  taskId: "train/0",
  benchmark: "made-up/sums",
  split: "train",
  epoch: 0,
  seed: 1,
  policy: "p",
  actionFormat: "tags",
  question: "1 + 1 ?",
  prompt: [],
  steps: [{ index: 0, kind: "answer", text: "<answer>2</answer>", answer: "2", finishReason: "stop" }],
  answer: "2",
  status: "answered",
  usage: { inputTokens: 0, outputTokens: 0 },
}

test("a step that a judge failed on is asked again, and its new verdict replaces the unscored one", async () => {
  const directory = temporaryFolder()
  const paths = runPaths(directory)
  const file = await openRecordFile(paths.trajectories, TrajectorySchema)
  await file.append(trajectory)
  await file.close()
  let fails = true
  const verdict = (): JudgeVerdict => {
    if (fails) throw new Error("overloaded")
    return { verdict: "good", reason: "fine" }
  }
  const plugin = definePlugin({
    meta: { name: "made-up", version: "1.0.0", apiVersion: 1 },
    judges: { moody: { description: "", create: () => ({ identity: "moody", judge: verdict }) } },
  })
  const host = testHost()
  const context = { registry: createRegistry([plugin]), host, directory, seed: 1, concurrency: 1 }
  expect(await judge(context, { judge: "moody" })).toMatchObject({ judged: 1, unscored: 1, skipped: 0 })
  fails = false
  expect(await judge(context, { judge: "moody" })).toMatchObject({ judged: 1, good: 1, unscored: 0 })
  expect(await judge(context, { judge: "moody" })).toMatchObject({ judged: 0, skipped: 1 })
  const lines = (await readFile(paths.verdicts, "utf8")).trim().split("\n")
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ verdict: "good" }])
  expect(lines[0]).not.toContain("oracle")
  expect(await readFile(paths.attempts, "utf8")).toMatch(/overloaded/)
})

test("an oracle's verdicts are labelled, and it finds a task that another lookup has just come by, at the end of its split too", async () => {
  const directory = temporaryFolder()
  const file = await openRecordFile(runPaths(directory).trajectories, TrajectorySchema)
  for (const id of ["a", "b", "c"]) await file.append({ ...trajectory, id })
  await file.close()
  const sums = {
    description: "",
    splits: ["train"],
    tools: [],
    limits: { toolCalls: 1, steps: 1, stepTokens: 1, trajectoryTokens: 1 },
    primaryMetric: "accuracy",
    async *load() {
      yield { id: "train/0", question: "1 + 1 ?", answer: "2" }
    },
    prompt: () => [],
    score: () => ({ accuracy: 1 }),
  }
  const plugin = definePlugin({
    meta: { name: "made-up", version: "1.0.0", apiVersion: 1 },
    benchmarks: { sums },
    oracles: {
      knows: {
        description: "",
        create: () => ({
          identity: "knows",
          judge: (_input, { answer }) => ({ verdict: "good", reason: `${answer}` }),
        }),
      },
    },
  })
  const host = testHost()
  const context = { registry: createRegistry([plugin]), host, directory, seed: 1, concurrency: 3 }
  expect(await judge(context, { judge: "knows" })).toMatchObject({ judged: 3, good: 3, unscored: 0 })
  const verdicts = (await readFile(runPaths(directory).verdicts, "utf8")).trim().split("\n")
  expect(verdicts.map((line) => JSON.parse(line).oracle)).toEqual([true, true, true])
  const knows = openJudge(context, "knows")
  const question = { benchmark: "made-up/sums", split: "train", taskId: "train/0" }
  const lookups = ["a", "b", "c"].map(() => knows.forTask(question))
  expect(await Promise.all(lookups)).toHaveLength(3)
})
