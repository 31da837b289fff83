import { dirname } from "node:path"
import { createRegistry, definePlugin, type JudgeVerdict, type Trajectory, TrajectorySchema } from "@swirl-ts/core"
import { openRecordFile, readRun, runPaths, sampleFiles } from "@swirl-ts/store"
import { folderDigests, temporaryFolder, testHost } from "@swirl-ts/test-support"
import { expect, test } from "vitest"
import { judgeEvaluated, readEvaluatedVerdicts } from "./judge-evaluated.ts"

const trajectory = (row: number, answer: string, more: Partial<Trajectory> = {}): Trajectory => ({
  schema: "swirl.trajectory/1",
  id: `trajectory-${row}`,
  taskId: `test/${row}`,
  benchmark: "own/numbers",
  split: "test",
  epoch: 0,
  seed: 1,
  policy: "p",
  actionFormat: "tags",
  question: `${row} ?`,
  prompt: [],
  steps: [{ index: 0, kind: "answer", text: `<answer>${answer}</answer>`, answer, finishReason: "stop" }],
  answer,
  status: "answered",
  usage: { inputTokens: 0, outputTokens: 0 },
  ...more,
})

test("steps of the questions asked for are judged once; a judge that failed has given no verdict and is asked again", async () => {
  const directory = temporaryFolder()
  const cell = { policy: "p", benchmark: "own/numbers", split: "test", temperature: 0 }
  const { trajectories, verdicts } = runPaths(directory).evaluation(cell.policy, cell.benchmark)
  const file = await openRecordFile(trajectories, TrajectorySchema)
  await file.append(trajectory(0, "even"))
  await file.append(trajectory(1, "odd"))
  await file.append(trajectory(2, "down"))
  await file.append(trajectory(3, "even"))
  await file.append(trajectory(4, "even", { id: "elsewhere", taskId: "test/0", split: "development" }))
  await file.close()
  const asked: string[] = []
  let isDown = true
  const judge = ({ action: { text } }: { action: { text: string } }): JudgeVerdict => {
    asked.push(text.replace(/<[^>]*>/g, ""))
    if (isDown && text.includes("down")) throw new Error("overloaded")
    return { verdict: text.includes("odd") ? "bad" : "good", reason: "" }
  }
  const plugin = definePlugin({
    meta: { name: "own", version: "1.0.0", apiVersion: 1 },
    judges: {
      parity: { description: "", create: () => ({ identity: "parity", judge }) },
      other: { description: "", create: ({ name }) => ({ identity: `other ${name}`, judge }) },
    },
  })
  const context = { registry: createRegistry([plugin]), host: testHost(), directory, seed: 1, concurrency: 1 }
  const taskIds = new Set(["test/0", "test/1", "test/2"])
  const judged = (judge: string, options?: object) =>
    judgeEvaluated(context, { judge, options: { ...options }, cells: [{ ...cell, taskIds }] })

  expect(await judged("parity")).toMatchObject({ judged: 3, good: 1, bad: 1, unscored: 1 })
  isDown = false
  expect(await judged("parity")).toMatchObject({ judged: 1, good: 1, skipped: 2 })
  expect(asked).toEqual(["even", "odd", "down", "down"])
  const before = folderDigests(directory)
  expect(await judged("parity")).toMatchObject({ judged: 0, skipped: 3 })
  expect(folderDigests(directory)).toEqual(before)
  // The same judge with other options is another one, and its verdicts stand beside.
  await judged("other", { name: "a" })
  await judged("other", { name: "b" })
  const found = await readEvaluatedVerdicts(dirname(verdicts))
  expect([...found.keys()]).toEqual(["trajectory-0", "trajectory-1", "trajectory-2"])
  expect(found.get("trajectory-2")!.map(({ judge, verdict }) => `${judge} ${verdict}`)).toEqual([
    "parity good",
    "other a good",
    "other b good",
  ])
  expect(await sampleFiles(dirname(verdicts))).toEqual([])
  expect(Object.values((await readRun(directory))!.spec as object)).toContainEqual({
    judge: "other",
    identities: ["other b"],
  })
})
