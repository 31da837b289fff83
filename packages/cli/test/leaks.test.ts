/** What a policy was trained on is not measured on without a word: real trainings of the embedded policy, and their checkpoints. */
import { cpSync, renameSync, rmSync, symlinkSync } from "node:fs"
import { mkdir } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { type EvalSample, type SeenQuestion, SeenQuestionSchema } from "@swirl-ts/core"
import { demoExperiment, guardLeaks } from "@swirl-ts/experiment"
import { cellLeaks, knownQuestion, selectTasks } from "@swirl-ts/stages"
import { readRecords, readSamples, sampleFiles } from "@swirl-ts/store"
import { folderDigests, swirlIn, temporaryFolder, testHost } from "@swirl-ts/test-support"
import { beforeAll, expect, test } from "vitest"
import { createRegistry, official } from "../src/index.ts"
import { reportSummary } from "./report-summary.ts"

/** `copies`: four questions of calc/train, written otherwise and under other ids, and one that is new; `shown` shows its first question worked. */
const plugin = `import { definePlugin } from "@swirl-ts/core"
import { sandbox } from "@swirl-ts/bench-sandbox"
const { calc } = sandbox().benchmarks
const written = (question) => question.toUpperCase().replaceAll(" .", ".") + " "
async function* tasks() {
  for await (const task of calc.load("train", { limit: 4 })) yield { ...task, id: "copy-" + task.id, question: written(task.question) }
  yield { id: "new", question: "mira has 999 eggs . how many does mira have now ?", answer: "999" }
}
const base = { ...calc, splits: ["test"], goldSteps: undefined, prompt: (task) => [{ role: "user", content: [{ type: "text", text: "use calculator . " + task.question.toLowerCase() }] }] }
export default definePlugin({
  meta: { name: "kit", version: "1.0.0", apiVersion: 1 },
  benchmarks: {
    copies: { ...base, load: tasks },
    shown: { ...base, load: tasks, leaks: { workedExamples: ({ id }) => (id === "copy-train/1" ? [] : ["MIRA has 999 eggs. How many does Mira have now"]) } },
  },
})
`

const directory = temporaryFolder({ "kit.mjs": plugin })
const swirl = swirlIn(directory)
const common = ["--plugin", "./kit.mjs", "--json", "--quiet"]
const train = (name: string, ...args: string[]) =>
  swirl(
    ...["train", "--run", "run", "--strategy", "none", "--algorithm", "sft", "--iterations", "1"],
    ...["--rollout-tasks", "2", "--name", name, ...common, ...args],
  )
const evaluate = (cell: string, model: string, ...args: string[]) =>
  swirl("eval", cell, "--model", model, ...common, ...args)

async function seenIn(folder: string): Promise<SeenQuestion[]> {
  const questions: SeenQuestion[] = []
  for await (const question of readRecords(join(directory, folder, "seen.jsonl"), SeenQuestionSchema))
    questions.push(question)
  return questions
}

async function samplesIn(run: string, policy: string): Promise<EvalSample[]> {
  const samples: EvalSample[] = []
  for await (const sample of readSamples(await sampleFiles(join(directory, run, "eval", policy)))) samples.push(sample)
  return samples
}

const checkpoint = "run/train/first/checkpoints/1"

beforeAll(async () => {
  await mkdir(join(directory, "node_modules"))
  symlinkSync(
    fileURLToPath(new URL("../../../node_modules/@swirl-ts", import.meta.url)),
    join(directory, "node_modules", "@swirl-ts"),
  )
  expect((await swirl("generate", "calc", "--limit", "8", "--run", "run", ...common)).code).toBe(0)
  expect((await train("first")).code).toBe(0)
}, 120_000)

test("a training writes down what it has seen, its roll-outs too, and its checkpoint takes it along", async () => {
  const seen = await seenIn("run/train/first")
  expect(seen.map(({ taskId, use }) => `${taskId} ${use}`).sort()).toEqual([
    ...[0, 1, 2, 3, 4, 5, 6, 7].map((row) => `train/${row} training`),
    ...[8, 9].map((row) => `train/${row} roll-outs`),
  ])
  expect(await seenIn(checkpoint)).toEqual(seen)
})

test("questions that it was trained on are refused before anything is written, in a folder with records too", async () => {
  const refused =
    "has seen 10 of the 12 questions of bench-sandbox/calc/train (10 by id), such as train/0 (trained on in first)"
  const asked = ["--limit", "12", "--run", "measured"]
  const first = await evaluate("calc/train", `local:${checkpoint}`, ...asked)
  expect(first).toMatchObject({ code: 2, stderr: expect.stringContaining(refused) })
  expect(Object.keys(folderDigests(directory)).filter((file) => file.startsWith("measured"))).toEqual([])

  expect((await evaluate("calc/test", `local:${checkpoint}`, "--limit", "3", "--run", "measured")).code).toBe(0)
  const before = folderDigests(directory)
  const again = await evaluate("calc/train", `local:${checkpoint}`, ...asked)
  expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining("--leak report") })
  expect(folderDigests(directory)).toEqual(before)
}, 60_000)

test("reported, they are counted in the document, the records and a comparison; off, nobody looks", async () => {
  const { json } = await evaluate("copies", `local:${checkpoint}`, "--run", "reported", "--leak", "report")
  const [cell] = json.cells
  expect(cell).toMatchObject({ samples: 5, leaked: 4, leaks: { question: 4 } })
  const samples = await samplesIn("reported", cell.policy)
  expect(samples.find(({ taskId }) => taskId === "copy-train/2")?.leak).toEqual({
    kind: "question",
    seen: { benchmark: "bench-sandbox/calc", split: "train", taskId: "train/2", use: "training", training: "first" },
  })
  expect(samples.find(({ taskId }) => taskId === "new")?.leak).toBeUndefined()
  const compared = (await swirl("compare", "reported", "reported", ...common)).json
  expect(compared.cells[0]).toMatchObject({ base: { leaked: 4 }, result: { leaked: 4 } })

  const off = (await evaluate("copies", `local:${checkpoint}`, "--run", "off", "--leak", "off")).json.cells[0]
  expect(off).not.toHaveProperty("leaked")
  expect(await evaluate("copies", "nano", "--run", "nano")).toMatchObject({ code: 0, stderr: "" })
}, 60_000)

test("off leaves a trace in every record and wherever the number stands, until somebody looks at all that is there", async () => {
  const asked = ["--run", "trace", "--leak"]
  const off = (await evaluate("copies", `local:${checkpoint}`, ...asked, "off", "--limit", "3")).json.cells[0]
  expect(off).toMatchObject({ samples: 3, unguarded: 3 })
  const before = await samplesIn("trace", off.policy)
  expect(before.map(({ leakGuard }) => leakGuard)).toEqual(["off", "off", "off"])
  const says = "nobody looked whether the policy had seen 3 of the questions (--leak off)"
  const shown = ["--plugin", "./kit.mjs", "--quiet"]
  expect((await swirl("compare", "trace", "trace", ...shown)).stdout).toContain(`b: ${says}`)
  await swirl("report", "--run", "trace", ...shown)
  expect(JSON.stringify(reportSummary(join(directory, "trace")))).toContain(says)

  const looked = (await evaluate("copies", `local:${checkpoint}`, ...asked, "report")).json.cells[0]
  expect(looked).toMatchObject({ samples: 5, leaked: 4 })
  expect(looked).not.toHaveProperty("unguarded")
  const after = await samplesIn("trace", off.policy)
  expect(after.filter(({ leak }) => leak)).toHaveLength(4)
  const scores = (samples: EvalSample[]) =>
    samples.map(({ id, status, metrics, maker }) => ({ id, status, metrics, maker }))
  expect(scores(after)).toEqual(expect.arrayContaining(scores(before)))
  const [cell] = (await swirl("compare", "trace", "trace", ...common)).json.cells
  expect(cell.result).toMatchObject({ leaked: 4 })
  expect(cell.result).not.toHaveProperty("unguarded")
}, 60_000)

test("a checkpoint that was copied elsewhere is known there, and so is what its policy had seen before", async () => {
  cpSync(join(directory, checkpoint), join(directory, "elsewhere"), { recursive: true })
  expect((await train("second", "--model", "local:elsewhere")).code).toBe(0)
  const second = await seenIn("run/train/second/checkpoints/1")
  expect([...new Set(second.map(({ training }) => training))]).toEqual(["first", "second"])
  renameSync(join(directory, "run/train/second/checkpoints/1"), join(directory, "further"))
  for (const model of ["local:elsewhere", "local:further"])
    expect(await evaluate("copies", model, "--run", "none")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("copy-train/0 (trained on as train/0 of bench-sandbox/calc/train in first)"),
    })
}, 60_000)

test("of weights from elsewhere nothing is known, which is said once and is no error", async () => {
  cpSync(join(directory, checkpoint), join(directory, "foreign"), { recursive: true })
  rmSync(join(directory, "foreign/seen.jsonl"))
  const { code, stderr } = await swirl(
    "eval",
    "calc/train",
    "copies",
    "--limit",
    "2",
    "--model",
    "local:foreign",
    "--run",
    "f",
    ...common,
  )
  expect(code).toBe(0)
  expect(stderr.match(/no record says what it was trained on/g)).toHaveLength(1)
}, 60_000)

test("a question that the prompt shows worked is a leak where its own prompt shows it, whoever is asked", async () => {
  expect(await evaluate("shown", "nano", "--run", "none")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("1 of the 5 questions of kit/shown/test (1 by text), such as new (shown)"),
  })
}, 60_000)

test("the sandbox asks nothing that it trains on, and its phrases accuse nobody: the demo and its full study have no leak", async () => {
  const registry = createRegistry(official())
  const context = { registry, host: testHost({ workingDirectory: directory }), directory, seed: 7, concurrency: 1 }
  await guardLeaks(context, demoExperiment({ seed: 7, full: true }))
  for (const name of ["calc", "lookup"]) {
    const benchmark = registry.resolve("benchmarks", name)
    const tasks = (split: string) => selectTasks(context, directory, name, { split, limit: 300 })
    const trained = (await tasks("train")).map((task) => ({
      schema: "swirl.seen-question/1" as const,
      ...knownQuestion({ benchmark, split: "train" }, task),
      use: "training" as const,
    }))
    for (const split of ["test", "test-new"])
      expect(cellLeaks({ benchmark, split }, await tasks(split), trained).byTask.size).toBe(0)
  }
}, 60_000)
