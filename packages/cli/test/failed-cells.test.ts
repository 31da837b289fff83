/** What cannot be measured is a result with a reason: the rest of a matrix is run, and running it again tries what failed again. */
import { spawn } from "node:child_process"
import { existsSync, rmSync, writeFileSync } from "node:fs"
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import type { Matrix } from "@swirl-ts/core"
import {
  ended,
  serve,
  sourceFlags,
  swirlCommand,
  swirlEnvironment,
  swirlIn,
  temporaryFolder,
  until,
} from "@swirl-ts/test-support"
import { expect, test } from "vitest"

const core = fileURLToPath(new URL("../../core/src/index.ts", import.meta.url))
const nano = fileURLToPath(new URL("../../policy-nano/model", import.meta.url))
/** Trainings end at once, with the embedded policy as their checkpoint; one dies in the middle while there is a file `dies`. */
const plugin = `import { existsSync } from "node:fs"
import { definePlugin } from ${JSON.stringify(core)}
const answers = ["Paris", "Lima", "Santiago"]
const verbs = ["sample", "forwardBackward", "optimStep", "logProbabilities", "saveState", "loadState", "languageModel", "dispose"]
const idle = () => Object.fromEntries(verbs.map((verb) => [verb, async () => {}]))
const train = async () => ({ checkpoint: ${JSON.stringify(nano)}, steps: 1, alarms: [] })
export default definePlugin({
  meta: { name: "own", version: "1.0.0", apiVersion: 1 },
  benchmarks: { capitals: {
    description: "Capitals.", splits: ["train", "test"], tools: [], primaryMetric: "exact",
    limits: { toolCalls: 0, steps: 1, stepTokens: 64, trajectoryTokens: 1024 },
    load: (split) => answers.map((answer, i) => ({ id: split + "/" + i, question: "what is " + i + (split === "test" ? " plus" : " minus") + " 1 ?", answer })),
    prompt: (task) => [{ role: "user", content: [{ type: "text", text: task.question }] }],
    score: (task, answer = "") => ({ exact: Number(answer === task.answer) }),
  } },
  filters: {
    nothing: { description: "Keeps nothing.", needs: [], keep: () => false },
    all: { description: "Keeps all.", needs: [], keep: () => true },
  },
  engines: { idle: { description: "", create: async () => idle() } },
  algorithms: {
    copy: { description: "", train },
    deadly: { description: "", train: () => (existsSync("dies") ? process.kill(process.pid, "SIGKILL") : train()) },
  },
})
`
const answering = JSON.stringify({ match: "", reply: "<answer>Lima</answer>" })
const training = (name: string, filter: string, algorithm = "copy") => ({
  name,
  train: ["capitals"],
  filter,
  algorithm,
})
const experiment = {
  policy: "script:base.jsonl",
  judge: "form",
  engine: "idle",
  seeds: [1],
  cells: ["capitals/test"],
  trainings: [
    training("empty", "nothing"),
    { ...training("fine", "all"), budget: { trajectories: 1 } },
    training("deadly", "all", "deadly"),
  ],
  references: [
    { name: "broken", policy: "script:broken.jsonl" },
    { name: "silent", policy: "script:silent.jsonl" },
    { name: "good", policy: "script:base.jsonl" },
  ],
  generation: { tasks: 2, samples: 1, temperature: 1 },
  evaluation: { questions: 3 },
  rolloutTasks: 0,
}
/** It fails where no entry fits. */
const silent = JSON.stringify({ match: "another question", reply: "<answer>Lima</answer>" })
const folderOf = (changed: object = {}) =>
  temporaryFolder({
    "own.ts": plugin,
    "base.jsonl": answering,
    "silent.jsonl": silent,
    "experiment.mjs": `export default ${JSON.stringify({ ...experiment, ...changed })}`,
    "broken.jsonl": "{",
    dies: "",
  })
const command = ["matrix", "experiment.mjs", "--run", "run", "--plugin", "./own.ts"]
const matrixOf = async (folder: string): Promise<Matrix> =>
  JSON.parse(await readFile(join(folder, "run", "matrix.json"), "utf8"))

test("a training that kept nothing, one that died, a model that cannot be opened or asked: results with reasons, and exit code 3", async () => {
  const folder = folderOf()
  const swirl = swirlIn(folder)
  const { code, json, stderr } = await swirl(...command, "--json")
  expect([code, stderr]).toEqual([
    3,
    expect.stringContaining("✗ train empty seed 1: The filter nothing kept none of 2"),
  ])
  const rows = Object.fromEntries(json.rows.map((row: Matrix["rows"][number]) => [row.name, row]))
  expect(rows.fine.cells["capitals/test"]).toMatchObject({ n: 3 })
  expect(rows.fine).toMatchObject({ kept: 2, budget: { trajectories: 1 }, used: { trajectories: 1, states: 1 } })
  expect(rows.good.cells["capitals/test"]).toMatchObject({ n: 3, change: { value: 0 } })
  expect(rows.empty).toMatchObject({ cells: {}, outcome: expect.stringContaining("kept none of 2 trajectories") })
  expect(rows.deadly).toMatchObject({ cells: {}, outcome: expect.stringContaining("ended early (SIGKILL)") })
  expect(rows.broken).toMatchObject({ cells: {}, outcome: expect.stringContaining("broken.jsonl") })
  expect(rows.silent).toMatchObject({
    cells: {},
    outcome: expect.stringMatching(/None of the 3 samples .* has a score/),
  })
  expect(json.failed.map(({ job }: { job: string }) => job)).toEqual([
    "train empty seed 1",
    "evaluate empty seed 1",
    "train deadly seed 1",
    "evaluate deadly seed 1",
    "evaluate broken",
  ])
  expect(json.failed[1].reason).toMatch(/^not run, because "train empty seed 1" failed: The filter nothing kept none/)
  expect([json.unfinished, await matrixOf(folder)]).toEqual([
    undefined,
    expect.objectContaining({ failed: json.failed }),
  ])
  // What failed is tried again, and only that.
  writeFileSync(join(folder, "broken.jsonl"), answering)
  rmSync(join(folder, "dies"))
  const again = await swirl(...command, "--json")
  expect([again.code, again.json.failed.map(({ job }: { job: string }) => job)]).toEqual([
    3,
    ["train empty seed 1", "evaluate empty seed 1"],
  ])
  expect(Object.keys(again.json.rows.find(({ name }: { name: string }) => name === "deadly").cells)).toHaveLength(1)
}, 120_000)

test("where the base cannot be measured, rows say what they measured and why there is no change", async () => {
  const folder = folderOf({ policy: "script:broken.jsonl", trainings: [] })
  const { code, json } = await swirlIn(folder)(...command, "--json")
  expect([code, json.base]).toEqual([3, {}])
  expect(json.withoutResult["capitals/test"]).toContain("broken.jsonl")
  expect(json.rows.find(({ name }: { name: string }) => name === "good")).toMatchObject({
    cells: {},
    outcome: expect.stringMatching(/^33.3 % \(n 3\), but the base has no result to compare it with: .*broken.jsonl/),
  })
}, 60_000)

test("a share of errors is allowed with --fail-on-error, and shown", async () => {
  const references = [{ name: "silent", policy: "script:mostly.jsonl" }]
  const folder = folderOf({ trainings: [], references })
  writeFileSync(
    join(folder, "mostly.jsonl"),
    JSON.stringify({ match: "/is [02] plus/", reply: "<answer>Lima</answer>" }),
  )
  const swirl = swirlIn(folder)
  expect((await swirl(...command)).code).toBe(3)
  expect((await swirl(...command, "--fail-on-error", "0.33")).code).toBe(3)
  const allowed = await swirl(...command, "--fail-on-error", "0.34", "--json")
  expect([allowed.code, allowed.json.rows[0].cells["capitals/test"]]).toMatchObject([
    0,
    { n: 2, errors: 1, unscored: 1 },
  ])
}, 60_000)

test("the matrix grows while it runs: killed, its folder holds what was measured and names the rest", async () => {
  const { url, close } = await serve(() => {})
  const references = [
    { name: "good", policy: "script:base.jsonl" },
    { name: "slow", policy: "openai:slow" },
  ]
  const folder = folderOf({ references, trainings: [] })
  const env = swirlEnvironment(folder, { SWIRL_BASE_URL: url })
  const child = spawn(process.execPath, [...sourceFlags, swirlCommand, ...command, "--processes", "1"], {
    cwd: folder,
    env,
  })
  const isThere = async () =>
    existsSync(join(folder, "run", "matrix.json")) && (await matrixOf(folder)).unfinished?.length === 1
  await until(isThere, 30_000)
  child.kill("SIGKILL")
  await ended(child)
  await close()
  const { rows, base, unfinished, failed } = await matrixOf(folder)
  expect([unfinished, failed, Object.keys(base)]).toEqual([["evaluate slow"], undefined, ["capitals/test"]])
  expect(rows).toMatchObject([
    { name: "good", cells: { "capitals/test": { n: 3 } } },
    { name: "slow", cells: {}, outcome: "not finished" },
  ])
  const report = await swirlIn(folder)("report", "--run", "run")
  expect([report.code, report.stderr]).toEqual([0, ""])
}, 60_000)
