/** Facts stand in records: no number in a benchmark's name is a temperature, no metric and no oracle is told by what it is called. */
import { readdir, readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { swirlIn, temporaryFolder } from "@swirl-ts/test-support"
import { beforeAll, expect, test } from "vitest"
import { reportSummary } from "./report-summary.ts"

const core = fileURLToPath(new URL("../../core/src/index.ts", import.meta.url))
/** Three benchmarks of one plugin that count by `exact`, two of them with another metric beside it, before and after; and its oracle. */
const plugin = `import { definePlugin } from ${JSON.stringify(core)}
const questions = ["Capital of France?", "Capital of Peru?", "Capital of Chile?"]
const answers = ["Paris", "Lima", "Santiago"]
const benchmark = (metrics) => ({
  description: "Capitals.", splits: ["train", "test"], tools: [], primaryMetric: "exact",
  limits: { toolCalls: 0, steps: 1, stepTokens: 64, trajectoryTokens: 1024 },
  async *load(split) {
    for (const [i, question] of questions.entries())
      yield { id: split + "/" + i, question: split === "train" ? "Which is the c" + question.slice(1) : question, answer: answers[i] }
  },
  prompt: (task) => [{ role: "user", content: [{ type: "text", text: task.question }] }],
  score: (task, answer = "") => metrics(Number(answer === task.answer), Number(answer.length > 0) / 2),
})
export default definePlugin({
  meta: { name: "facts", version: "1.0.0", apiVersion: 1 },
  benchmarks: {
    "math-500": benchmark((exact) => ({ exact })),
    cities: benchmark((exact, f1) => ({ f1, exact })),
    towns: benchmark((exact, f1) => ({ exact, f1 })),
  },
  oracles: {
    "answer-key": {
      description: "Knows the answer.",
      create: () => ({
        identity: "the key of the teacher",
        judge: ({ action }, task) => ({ verdict: action.action.answer === task.answer ? "good" : "bad", reason: "the key says so" }),
      }),
    },
  },
})
`
const reply = (match: string, answer: string): string => JSON.stringify({ match, reply: `<answer>${answer}</answer>` })
/** `most` knows two capitals, `one` knows one; neither is silent. */
const folder = temporaryFolder({
  "facts.ts": plugin,
  "most.jsonl": [reply("Peru", "Lima"), reply("Chile", "Santiago"), reply("", "Lyon")].join("\n"),
  "one.jsonl": [reply("Peru", "Lima"), reply("", "Lyon")].join("\n"),
  "experiment.mjs": `export default {
    policy: "script:one.jsonl", judge: "form", trainings: [], references: [{ name: "most", policy: "script:most.jsonl" }],
    cells: ["math-500/test", "facts/math-500/test@0.5", "cities/test"], evaluation: { questions: 3 },
  }`,
})
const run = swirlIn(folder)
const swirl = async (...args: string[]) => {
  const finished = await run(...args, "--plugin", "./facts.ts", "--quiet")
  if (finished.code !== 0) throw new Error(finished.stderr)
  return finished
}
const evaluate = (model: string, temperature = "0", ...benchmarks: string[]) =>
  swirl("eval", ...benchmarks, "--model", `script:${model}.jsonl`, "--temperature", temperature, "--run", "run")
const evaluations = async (run = "run"): Promise<string[]> =>
  (await readdir(join(folder, run, "eval"))).sort().map((policy) => join(run, "eval", policy))
/** Column -> accuracies, in the order of the rows. */
async function reported(directory: string): Promise<Record<string, string[]>> {
  await swirl("report", "--run", directory)
  const { columns, rows } = reportSummary(join(folder, directory)).matrix!
  return Object.fromEntries(
    columns.map((column) => [column, rows.map(({ cells }) => (100 * cells[column]!.accuracy).toFixed(1))]),
  )
}

beforeAll(async () => {
  for (const model of ["one", "most"]) {
    await evaluate(model, "0", "math-500", "cities", "towns")
    await evaluate(model, "0.5", "math-500")
  }
}, 60_000)

test("a benchmark called math-500 is greedy unless it was sampled, in compare, report and matrix", async () => {
  const [most, one] = await evaluations()
  const compared = (await swirl("compare", one!, most!, "--json")).json
  expect(compared.cells.map((c: { cell: string; result: { n: number } }) => [c.cell, c.result.n])).toEqual([
    ["facts/cities/test", 3],
    ["facts/math-500/test@0.5", 3],
    ["facts/math-500/test", 3],
    ["facts/towns/test", 3],
  ])
  expect(await reported("run")).toMatchObject({
    "math-500/test": ["66.7", "33.3"],
    "math-500/test@0.5": ["66.7", "33.3"],
  })
  const shown = await swirl("matrix", "experiment.mjs", "--run", "matrix")
  const matrix = JSON.parse(await readFile(join(folder, "matrix", "matrix.json"), "utf8"))
  expect(matrix.cells).toEqual(["math-500/test", "facts/math-500/test@0.5", "cities/test"])
  for (const cell of matrix.cells) expect(matrix.rows[0].cells[cell].change.value).toBeCloseTo(1 / 3)
  const said = reportSummary(join(folder, "matrix")).headline.map((sentence) => sentence.trim())
  expect(said).toContain(
    "Base (script:one.jsonl): math-500/test 33.3 %, facts/math-500/test@0.5 33.3 %, cities/test 33.3 %.",
  )
  for (const sentence of said.slice(0, 4)) expect(shown.stdout.replaceAll("'", "&#39;")).toContain(sentence)
}, 120_000)

test("the primary metric is the benchmark's, whatever stands beside it and before it", async () => {
  const accuracies = { "cities/test": ["66.7", "33.3"], "towns/test": ["66.7", "33.3"] }
  expect(await reported("run")).toMatchObject(accuracies)
  for (const directory of await evaluations()) {
    for (const name of [
      "facts-cities.jsonl",
      "facts-towns.jsonl",
      "facts-math-500.jsonl",
      "facts-math-500-0.5.jsonl",
    ]) {
      const path = join(folder, directory, name)
      const lines = (await readFile(path, "utf8"))
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line))
      expect(lines.map(({ primaryMetric }) => primaryMetric)).toEqual(["exact", "exact", "exact"])
      // As they were before samples said it.
      const old = lines.map(({ primaryMetric, temperature, questionHash, seed, ...line }) => JSON.stringify(line))
      await writeFile(path, `${old.join("\n")}\n`)
    }
  }
  expect(await reported("run")).toMatchObject({ ...accuracies, "math-500/test@0.5": ["66.7", "33.3"] })
  const [most, one] = await evaluations()
  expect((await swirl("compare", one!, most!, "--json")).json.cells).toHaveLength(4)
}, 60_000)

test("an oracle of any name is found for its plugin's benchmarks, calibrated against and labelled", async () => {
  await swirl("generate", "cities", "--model", "script:most.jsonl", "--run", "judged")
  const { calibration, oracle } = (await swirl("judge", "--judge", "form", "--calibrate", "--run", "judged", "--json"))
    .json
  expect(oracle).toBe(false)
  expect(calibration).toMatchObject([
    { benchmark: "facts/cities", calibration: { oracle: "the key of the teacher", n: 3, falsePositives: 1 } },
  ])
  await swirl("report", "--run", "judged")
  const { calibration: shown, judges } = reportSummary(join(folder, "judged"))
  expect(shown).toMatchObject([
    { judge: expect.stringMatching(/^judges\/form/), oracle: "the key of the teacher", n: 3 },
  ])
  expect(judges).toContainEqual(expect.objectContaining({ identity: "the key of the teacher", oracle: true }))
}, 60_000)

test("without an oracle, --calibrate alone is wrong usage and says what to give", async () => {
  await writeFile(join(folder, "plain.ts"), plugin.replace(/oracles: \{[\s\S]*\n {2}\},\n\}\)/, "})"))
  const { code, stderr } = await run("judge", "--calibrate", "--run", "judged", "--plugin", "./plain.ts")
  expect([code, stderr]).toEqual([
    2,
    expect.stringContaining("No oracle judge knows facts/cities. Name one, or a file"),
  ])
}, 30_000)
