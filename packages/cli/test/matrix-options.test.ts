/** Options of `swirl matrix` reach the processes that do the work; the file may stand anywhere, in any form. */
import { readdirSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { swirlIn, temporaryFolder } from "@swirl-ts/test-support"
import { beforeAll, expect, test } from "vitest"
import { check } from "../../../scripts/recount/check.ts"
import { reportSummary } from "./report-summary.ts"

const core = fileURLToPath(new URL("../../core/src/index.ts", import.meta.url))
/** Its questions are in the file of `--data` alone; the model of every process says how many conversations it was ever asked at once. */
const plugin = `import { readFileSync } from "node:fs"
import { definePlugin } from ${JSON.stringify(core)}
let now = 0
let most = 0
const doGenerate = async () => {
  most = Math.max(most, ++now)
  await new Promise((resolve) => setTimeout(resolve, 50))
  now--
  const text = "<answer>" + most + "</answer>"
  return { content: [{ type: "text", text }], finishReason: "stop", usage: { inputTokens: 1, outputTokens: 1 } }
}
const benchmark = (name) => ({
  description: "", splits: ["train", "test"], tools: [], primaryMetric: "atOnce",
  limits: { toolCalls: 0, steps: 1, stepTokens: 64, trajectoryTokens: 1024 },
  load: (split, { dataPath }) => JSON.parse(readFileSync(dataPath, "utf8")).map((question, i) => ({ id: name + i, question: name + " " + question })),
  prompt: (task) => [{ role: "user", content: [{ type: "text", text: task.question }] }],
  score: (task, answer) => ({ atOnce: Number(answer) / 10 }),
})
export default definePlugin({
  meta: { name: "own", version: "1.0.0", apiVersion: 1 },
  benchmarks: { a: benchmark("a"), b: benchmark("b") },
  models: { counting: { description: "", open: async () => ({
    identity: "counting", model: { specificationVersion: "v3", provider: "own", modelId: "counting", doGenerate },
  }) } },
})
`
const experiment = {
  name: "mine",
  policy: "counting",
  judge: "form",
  seeds: [1, 2],
  cells: ["a/test@1", "b/test"],
  trainings: [],
  references: [{ name: "other", policy: "counting:2" }],
  evaluation: { questions: 6 },
  contrasts: [
    { of: "other", against: "base", cells: ["a/test@1", "b/test"] },
    { of: "other", against: "base", cells: ["a/test@1"], name: "a alone" },
  ],
}
let folder: string
let away: string
beforeAll(() => {
  away = temporaryFolder({
    "plain.ts": `interface Any { [key: string]: unknown }\nexport default ${JSON.stringify(experiment)} satisfies Any`,
    "defined.ts": `import { defineExperiment } from "@swirl-ts/cli"\nexport default defineExperiment(${JSON.stringify(experiment)})`,
    "mine.json": experiment,
  })
  folder = temporaryFolder({ "own.ts": plugin, "questions.json": ["one", "two", "three", "four", "five", "six"] })
})
const matrix = async (...args: string[]) => {
  const all = ["matrix", ...args, "--plugin", "./own.ts", "--data", "questions.json", "--json"]
  const { code, json, stderr } = await swirlIn(folder)(...all)
  return { code, stderr, json, atOnce: json.rows[0]?.cells["b/test"]?.accuracy }
}

test.each(["plain.ts", "defined.ts", "mine.json"])(
  "%s stands in another folder without a package.json; --data and --concurrency reach the workers",
  async (file) => {
    const { code, json } = await matrix(
      join(away, file),
      "--concurrency",
      "3",
      "--run",
      `run-${file}`,
      "--processes",
      "1",
    )
    expect([code, json.rows[0].cells["b/test"]]).toMatchObject([0, { n: 6 }])
    // The most at once that the one process ever had.
    expect(json.rows[0].cells["b/test"].accuracy).toBeCloseTo(0.3)
    expect(readdirSync(away).sort()).toEqual(["defined.ts", "mine.json", "plain.ts"])
  },
  60_000,
)

test("--seed runs one seed, --limit the first questions, --ids these alone and the cells that have them", async () => {
  const file = join(away, "mine.json")
  const one = await matrix(file, "--seed", "5", "--limit", "2", "--run", "one")
  expect(one.json).toMatchObject({ seeds: [5], questions: 2, base: { "a/test@1": { n: 2 }, "b/test": { n: 2 } } })
  const { commands } = reportSummary(dirname(dirname(one.json.report)))
  expect(commands.join("\n")).toMatch(/swirl matrix \S+mine\.json --run \S+one --seed 5 --limit 2$/m)
  expect(one.json.baseBySeed.map(({ seed }: { seed: number }) => seed)).toEqual([5])
  const some = await matrix(file, "--ids", "b1,b4,b5", "--run", "some", "--seed", "1")
  expect(some.json).toMatchObject({ cells: ["b/test"], questions: 3, pickedBy: "ids", base: { "b/test": { n: 3 } } })
  const more = await matrix(file, "--run", "some", "--seed", "1")
  expect(more.json.base).toMatchObject({ "a/test@1": { n: 6 }, "b/test": { n: 6 } })
  // Both stood in the file from the first run on, whatever it asked.
  for (const { json } of [some, more])
    expect(json.contrasts).toMatchObject([{ declared: "before" }, { declared: "before" }])
  const nothing = await swirlIn(folder)(
    "matrix",
    file,
    "--ids",
    "c1",
    "--plugin",
    "./own.ts",
    "--data",
    "questions.json",
    "--run",
    "none",
  )
  expect([nothing.code, nothing.stderr]).toEqual([2, "No cell has the question c1.\n"])
  expect(readdirSync(folder)).not.toContain("none")
}, 120_000)

test("one seed first and all of them then is one experiment: what no training made keeps the seed that it was measured with", async () => {
  const file = join(away, "mine.json")
  const second = await matrix(file, "--seed", "2", "--run", "seeds", "--limit", "2")
  const all = await matrix(file, "--run", "seeds", "--limit", "2")
  expect([second.code, all.code, all.stderr]).toEqual([0, 0, expect.not.stringContaining("✗")])
  expect(all.json).toMatchObject({
    seeds: [1, 2],
    base: { "a/test@1": { n: 2 }, "b/test": { n: 2 } },
    baseBySeed: [{ cells: { "a/test@1": { n: 2 } } }, { cells: { "a/test@1": { n: 2 } } }],
    rows: [{ cells: { "a/test@1": { n: 2 }, "b/test": { n: 2 } } }],
  })
  expect(all.json.withoutResult).toBe(undefined)
  const first = await matrix(file, "--seed", "1", "--run", "seeds", "--limit", "2")
  const again = await matrix(file, "--seed", "2", "--run", "seeds", "--limit", "2")
  expect([first.code, again.code]).toEqual([0, 0])
  expect(again.json.base["b/test"]).toEqual(second.json.base["b/test"])
  expect(readdirSync(join(folder, "seeds")).sort()).toEqual(["base", "matrix.json", "other", "report", "seed-1"])
  expect(check(join(folder, "seeds"), () => {})).toBe(0)
}, 120_000)
