import { join } from "node:path"
import type { EvalSample } from "@swirl-ts/core"
import { jsonLines, temporaryFolder } from "@swirl-ts/test-support"
import { expect, test } from "vitest"
import { sample } from "../../test/fixture.ts"
import { readViewerFolder } from "../../test/viewer-folder.ts"
import { writeViewer } from "./write-viewer.ts"

const told = (id: string, verdicts: readonly ("good" | "bad")[]) =>
  sample(
    id,
    `question of ${id}`,
    verdicts.map(
      (verdict, index) => [`<m> ${index} </m>`, verdict, "", ...(index === verdicts.length - 1 ? [] : ["1"])] as never,
    ),
  )
const evaluated = (taskId: string, accuracy: number): EvalSample => ({
  schema: "swirl.eval-sample/1",
  id: taskId,
  taskId,
  trajectoryId: taskId,
  benchmark: "bench-sandbox/calc",
  split: "test",
  epoch: 0,
  policy: "nano",
  temperature: 0,
  primaryMetric: "accuracy",
  status: "scored",
  metrics: { accuracy },
})
const written = (files: Readonly<Record<string, unknown>>) => {
  const run = temporaryFolder({ "trajectories.jsonl": "", ...files })
  return writeViewer(run, join(run, "report"))
}

test("questions are the sample where they were asked several times, and those at a limit are counted", async () => {
  const epochs = [0, 1, 2, 3].flatMap((epoch) =>
    [0, 1, 1, 1].map((accuracy, question) => ({
      ...evaluated(`test/${question}`, accuracy),
      id: `${question}.${epoch}`,
      trajectoryId: `${question}.${epoch}`,
      epoch,
      status: accuracy === 1 ? ("scored" as const) : ("limit" as const),
    })),
  )
  const { matrix, groups, pages } = await written({ "eval/nano/calc.jsonl": jsonLines(epochs) })
  // scipy.stats.binomtest(3, 4).proportion_ci(method="wilson")
  expect(matrix!.rows[0]!.cells["calc/test"]).toEqual({
    accuracy: 0.75,
    n: 16,
    questions: 4,
    ci: [expect.closeTo(0.3006418426, 9), expect.closeTo(0.9544127392, 9)],
    limits: 4,
  })
  expect(groups).toMatchObject([{ samples: 16, right: 12, wrong: 4, unscored: 0 }])
  expect(pages.questions.count).toBe(4)
})

test("questions that the policy has seen are counted, each once", async () => {
  const leak = { kind: "id", seen: { benchmark: "bench-sandbox/calc", split: "train", use: "training" } } as const
  const samples = [0, 1].flatMap((epoch) => [
    { ...evaluated("test/0", 1), id: `seen.${epoch}`, epoch, leak },
    { ...evaluated("test/1", 0), id: `new.${epoch}`, epoch },
  ])
  const { matrix } = await written({ "eval/nano/calc.jsonl": jsonLines(samples) })
  expect(matrix!.rows[0]!.cells["calc/test"]!.leaked).toBe(1)
})

test("calls and errors of tools are counted over all trajectories, generated and evaluated", async () => {
  const failing = told("failing", ["good", "good"]).trajectory
  const { call } = failing.steps[0]!
  failing.steps[0]!.observation = { text: "error: no connection\nat a line", isError: true }
  const { tools } = await written({
    "trajectories.jsonl": jsonLines([failing, told("fine", ["good", "good"]).trajectory]),
    "eval/nano/calc-0.trajectories.jsonl": jsonLines([{ ...failing, id: "evaluated" }]),
  })
  expect(tools).toEqual([{ name: call!.tool, calls: 3, errors: 2, reasons: { "no connection": 2 } }])
})

test("judges are compared on the steps that one has to be asked about, as swirl judge --calibrate does", async () => {
  const [a, b] = [told("a", ["good", "good"]), told("b", ["good", "bad"])]
  const verdicts = [...a.verdicts, ...b.verdicts]
  const oracle = verdicts.map((each) => ({ ...each, id: `key-${each.id}`, judge: "kit/key", oracle: true }))
  a.trajectory.steps[0]!.kind = "malformed"
  b.trajectory.steps[1]!.finishReason = "length"
  const { calibration, judges } = await written({
    "trajectories.jsonl": jsonLines([a.trajectory, b.trajectory]),
    "verdicts.jsonl": jsonLines([...verdicts, ...oracle]),
  })
  expect(calibration).toMatchObject([{ oracle: "kit/key", n: 2, agreement: { count: 2 } }])
  expect(judges.map(({ good, bad }) => good + bad)).toEqual([4, 4])
})

test("which trajectories a filter kept stands with each, also where a training of another folder followed it", async () => {
  const filter = { schema: "swirl.filter/1", strategy: "process", judge: "grounded" }
  const counts = { total: 2, dropped: 1, unscored: 0, keptRight: 0, kept: 1 }
  const run = temporaryFolder({
    "calc/trajectories.jsonl": jsonLines(["a", "b"].map((id) => told(id, ["good"]).trajectory)),
    "calc/filters/none.json": { ...filter, ...counts, strategy: "none", kept: 2, dropped: 0, ids: ["a", "b"] },
    "trained/run.json": {
      schema: "swirl.run/1",
      id: "r",
      createdAt: "",
      spec: {},
      specHash: "",
      digests: {},
      machine: {},
    },
    "trained/train/x/selection.json": {
      schema: "swirl.selection/1",
      folders: [{ directory: "../calc", selection: { ...filter, ...counts, ids: ["b"] } }],
    },
  })
  const { filters } = await writeViewer(run, join(run, "report"))
  const { samples } = readViewerFolder(join(run, "report"))
  expect(filters.map(({ strategy, run, kept }) => [strategy, run, kept])).toEqual([
    ["none", 0, 2],
    ["process", 0, 1],
  ])
  expect(samples[0]).toMatchObject({ key: ["a", "b"], kept: [1, 3] })
})
