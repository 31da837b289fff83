/** Logs of other tools, imported, through every stage that comes after generation; a tiny checkpoint is trained on them. */
import { existsSync } from "node:fs"
import { readFile, rename, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { jsonLines, swirlIn, temporaryFolder } from "@swirl-ts/test-support"
import { beforeAll, expect, test } from "vitest"
import { reportSummary } from "./report-summary.ts"
import { writeSpeakingCheckpoint } from "./speaking-checkpoint.ts"

const fixture = (path: string): string =>
  fileURLToPath(new URL(`../../formats/fixtures/imports/${path}`, import.meta.url))
const call = (expression: string): string =>
  `<tool_call>\n{"name": "calculator", "arguments": {"expression": "${expression}"}}\n</tool_call>`
const turns = new Map([
  [call("12 + 5"), 40],
  ["17", 40],
  [call("1 + 1"), 20],
])
const template = new URL("../../../fixtures/transformer/tool-templates/tagged.jinja", import.meta.url)
const directory = temporaryFolder({
  "gsm8k.jsonl": jsonLines([
    { question: "Tom has 40 coins and gives away 15. How many are left?", answer: "40 - 15 = <<40-15=25>>25\n#### 25" },
  ]),
})
const swirl = swirlIn(directory, { SWIRL_BACKEND: "wasm" })
const [right, wrong] = ["right", "wrong"].map((name) => fixture(`inspect/arithmetic-${name}.eval`)) as [string, string]

beforeAll(async () => {
  await writeSpeakingCheckpoint(join(directory, "tiny"), turns, await readFile(template, "utf8"))
}, 60_000)

test("imported trajectories of no benchmark are judged, filtered, reported and compared by the log's own scores", async () => {
  for (const [file, run] of [
    [right, "a"],
    [wrong, "b"],
  ] as const) {
    const { code, json } = await swirl("import", "--format", "inspect", file, "--run", run, "--json")
    expect(code).toBe(0)
    expect(json).toMatchObject({ trajectories: 8, added: 8, benchmarks: { "imported/arithmetic": 8 } })
  }
  const judged = await swirl("judge", "--judge", "grounded", "--run", "a", "--json")
  expect(judged.json).toMatchObject({ judged: 24, unscored: 0 })
  const filtered = await swirl("filter", "--run", "a", "--json")
  expect(filtered.json).toMatchObject({ strategy: "process", total: 8, kept: 6 })
  expect(filtered.stderr).toMatch(/8 of 8 answers have no official score.*were imported and have no scorer here/)
  const compared = await swirl("compare", "a", "b", "--json")
  expect(compared.code).toBe(0)
  expect(compared.stdout).toContain("imported/arithmetic/log@0.5")
  expect(JSON.stringify(compared.json)).toContain('"accuracy":0.5')
  expect((await swirl("report", "--run", "a")).code).toBe(0)
  expect(reportSummary(join(directory, "a"))).toMatchObject({
    cells: [{ benchmark: "imported/arithmetic", split: "log", temperature: 0.5 }],
    groups: [{ stage: "evaluate", samples: 8, label: expect.any(String) }],
    filters: [{ strategy: "process", kept: 6 }],
  })
  const validated = await swirl("validate", "a", "--json")
  expect(validated.json.records).toMatchObject({
    "swirl.imported/1": 8,
    "swirl.eval-sample/1": 8,
    "swirl.verdict/1": 24,
  })
}, 120_000)

test("a checkpoint is trained on states and turns of another model, also where the folder has moved", async () => {
  await rename(join(directory, "a"), join(directory, "moved"))
  const common = ["--run", "moved", "--model", "local:tiny", "--json"]
  const trained = await swirl("train", ...common, "--iterations", "2", "--lora", "2", "--option", "samples=4")
  expect(trained.stderr).toMatch(/6 of 6 trajectories have no token ids/)
  expect(trained.code).toBe(0)
  expect(trained.json).toMatchObject({ steps: 2, kept: 6, considered: 8 })
  // As if its first step had taken an hour: what it took stays on record where it goes on.
  const metrics = join(trained.json.checkpoint, "..", "..", "metrics.jsonl")
  await writeFile(metrics, (await readFile(metrics, "utf8")).replace(/"seconds":[\d.e-]+/, '"seconds":3600'))
  const longer = await swirl("train", ...common, "--iterations", "3", "--lora", "2", "--option", "samples=4")
  expect(longer.json.steps).toBe(3)
  expect(JSON.parse(await readFile(join(metrics, "..", "result.json"), "utf8")).seconds).toBeGreaterThan(3600)
  const taught = await swirl("train", ...common, "--algorithm", "sft", "--iterations", "2", "--lora", "2")
  expect(taught.code).toBe(0)
  expect(existsSync(taught.json.checkpoint)).toBe(true)
}, 240_000)

test("questions of a benchmark get its score, and later stages find its tasks where the import did", async () => {
  const { json } = await swirl(
    "import",
    "--format",
    "inspect",
    wrong,
    "--benchmark",
    "gsm8k",
    "--split",
    "test",
    "--data",
    "gsm8k.jsonl",
    "--run",
    "g",
    "--json",
  )
  expect(json.matched).toEqual({ benchmark: "bench-gsm8k/gsm8k", trajectories: 2, unmatched: 6 })
  await swirl("judge", "--run", "g")
  const filtered = await swirl("filter", "--strategy", "none", "--run", "g", "--json")
  expect(filtered.json).toMatchObject({ kept: 8, keptRight: 0 })
  expect(filtered.stderr).toMatch(/6 of 8 answers have no official score/)
}, 120_000)

test.each([
  [["--format", "inspct", right], /--format.*inspect/],
  [["--format", "openai-chat", right], /line 1 is not UTF-8 text|is not JSON/],
  [["--format", "inspect"], /files/],
])(
  "wrong usage is said: %j",
  async (args, sentence) => {
    const { code, stderr } = await swirl("import", ...args, "--run", "no")
    expect(code).toBe(2)
    expect(stderr).toMatch(sentence)
    expect(existsSync(join(directory, "no"))).toBe(false)
  },
  60_000,
)
