/** What `filter` shows is what `train` trains on: real processes, the embedded policy, and a plugin's judges. */
import { readFileSync, symlinkSync } from "node:fs"
import { mkdir } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { contentHash } from "@swirl-ts/core"
import { swirlIn, temporaryFolder } from "@swirl-ts/test-support"
import { beforeAll, expect, test } from "vitest"

const plugin = `import { definePlugin } from "@swirl-ts/core"
const benchmark = (split, story) => ({
  description: "Stories.", splits: [split], tools: [{ name: "calculator" }], primaryMetric: "accuracy",
  limits: { toolCalls: 7, steps: 8, stepTokens: 18, trajectoryTokens: 316 },
  async *load() { for (let row = 1; row < 4; row++) yield { id: String(row), question: story, answer: "3" } },
  prompt: (task) => [{ role: "user", content: [{ type: "text", text: "use calculator . " + task.question }] }],
  score: () => ({ accuracy: 0 }),
})
const odd = ({ answer }) => ({ verdict: Number(answer) % 2 === 1 ? "good" : "bad", reason: "" })
const knows = (input, { question }) =>
  JSON.stringify(input.prompt).includes(question)
    ? { verdict: "good", reason: "" }
    : { verdict: "unscored", reason: "that is the task of another benchmark" }
export default definePlugin({
  meta: { name: "kit", version: "1.0.0", apiVersion: 1 },
  benchmarks: {
    apples: benchmark("train", "mira has 12 apples . she buys 5 more . how many does she have now ?"),
    coins: benchmark("other", "tom has 20 coins . he finds 3 more . how many does he have now ?"),
  },
  outcomeJudges: { odd: { description: "", create: () => ({ identity: "kit/odd", judge: odd }) } },
  oracles: { knows: { description: "", create: () => ({ identity: "kit/knows", judge: knows }) } },
})
`

const directory = temporaryFolder({ "kit.mjs": plugin })
const swirl = swirlIn(directory)
const common = ["--plugin", "./kit.mjs", "--json"]
const run = ["--run", "run", ...common]
const outcome = ["--strategy", "outcome"]
const byOdd = [...outcome, "--outcome-judge", "odd"]
const quick = ["--algorithm", "sft", "--rollout-tasks", "0"]
const train = (name: string, ...args: string[]) =>
  swirl("train", ...run, ...quick, "--name", name, "--iterations", "1", ...args)
const read = (path: string) => JSON.parse(readFileSync(join(directory, "run", path), "utf8"))
/** What the trainer was handed, by its own record. */
const trainedOn = (name: string): string => read(`train/${name}/training.json`).spec.trajectoryIds

beforeAll(async () => {
  await mkdir(join(directory, "node_modules"))
  symlinkSync(
    fileURLToPath(new URL("../../../node_modules/@swirl-ts", import.meta.url)),
    join(directory, "node_modules", "@swirl-ts"),
  )
  expect((await swirl("generate", "calc", "--limit", "24", ...run)).code).toBe(0)
}, 120_000)

test("train trains on exactly the trajectories that filter showed, by whichever outcome judge it was", async () => {
  const shown = (await swirl("filter", ...run, ...byOdd)).json
  expect(shown).toMatchObject({ outcomeJudge: "odd", total: 24, file: expect.stringMatching(/outcome-odd\.json$/) })
  const { json } = await train("shown", ...outcome)
  expect(json).toMatchObject({ considered: 24, kept: shown.kept, keptRight: shown.keptRight, unscored: 0 })
  expect(trainedOn("shown")).toBe(contentHash(shown.ids))
  expect((await swirl("validate", shown.file, "--json")).json.records).toEqual({ "swirl.filter/1": 1 })
}, 120_000)

test("a training goes on when only its iterations were raised, and is another one with other options", async () => {
  const more = await train("shown", ...outcome, "--iterations", "2")
  expect([more.code, more.json.steps, more.json.kept]).toEqual([0, 2, read("filters/outcome-odd.json").kept])
  // Given again it trains nothing, and what it took stays on record.
  expect((await train("shown", ...outcome, "--iterations", "2")).json).toEqual(more.json)
  const other = await train("shown", ...outcome, "--iterations", "2", "--option", "learningRate=1e-3")
  expect([other.code, other.stderr]).toEqual([2, expect.stringMatching(/options was .* and is .*learningRate/)])
}, 120_000)

test("where several stand for a strategy, train wants to be told which", async () => {
  const official = (await swirl("filter", ...run, ...outcome)).json
  const shown = read("filters/outcome-odd.json")
  expect(official.ids).not.toEqual(shown.ids)
  const { code, stderr } = await train("which", ...outcome)
  expect(code).toBe(2)
  expect(stderr).toMatch(
    /outcome-odd\.json \(outcome: odd\), outcome\.json \(outcome: official\)\. .*--outcome-judge odd or --outcome-judge official/,
  )
  expect((await train("official", ...outcome, "--outcome-judge", "official")).code).toBe(0)
  expect((await train("odd", ...byOdd)).code).toBe(0)
  expect([trainedOn("official"), trainedOn("odd")]).toEqual([contentHash(official.ids), contentHash(shown.ids)])
}, 120_000)

test("a selection that is out of date is made anew, and a training that had begun goes on with its own", async () => {
  const before = read("filters/outcome-odd.json").ids
  expect((await swirl("generate", "calc", "--limit", "40", ...run)).code).toBe(0)
  const later = await train("later", ...byOdd)
  expect(later.stderr).toMatch(/outcome-odd\.json was made over other trajectories or verdicts/)
  const after = read("filters/outcome-odd.json")
  expect(after.total).toBe(40)
  expect(after.ids.length).toBeGreaterThan(before.length)
  expect(trainedOn("later")).toBe(contentHash(after.ids))
  const again = await train("odd", ...byOdd)
  expect(again.json).toMatchObject({ considered: 24, kept: before.length })
  expect(again.stderr).toContain("odd goes on with the selection it began with")
  expect(trainedOn("odd")).toBe(contentHash(before))
}, 120_000)

test("where none stands train filters first and says so; the selection of another judge of steps is none", async () => {
  for (const judge of ["grounded", "form"]) expect((await swirl("judge", ...run, "--judge", judge)).code).toBe(0)
  const first = await train("first", "--strategy", "process")
  expect(first.stderr).toMatch(/Filters by process: no selection stands in .*\n.*process\.json: trains on \d+ of 40/)
  const { ids } = read("filters/process.json")
  expect(trainedOn("first")).toBe(contentHash(ids))
  const form = (await swirl("filter", ...run, "--judge", "form")).json
  expect(form.ids).not.toEqual(ids)
  const other = await train("other", "--strategy", "process")
  expect(other.stderr).toMatch(/process\.json is by another judge of steps, form with its settings, than grounded/)
  expect(trainedOn("other")).toBe(contentHash(ids))
}, 120_000)

test("generating until enough are kept leaves the selection that train follows", async () => {
  const kept = (await swirl("generate", "calc", "--until-kept", "2", "--run", "until", ...common)).json
  const path = join(directory, "until", "filters", "process.json")
  expect(JSON.parse(readFileSync(path, "utf8")).ids).toHaveLength(kept.kept)
}, 120_000)

test("under an oracle, tasks of one id in two benchmarks and splits are not taken for each other", async () => {
  const both = ["--run", "oracle", ...common]
  expect((await swirl("generate", "apples", ...both)).code).toBe(0)
  expect((await swirl("generate", "coins", "--split", "other", ...both)).code).toBe(0)
  const { json } = await swirl("judge", "--judge", "knows", ...both)
  expect(json).toMatchObject({ oracle: true, unscored: 0 })
  const options = ["--judge", "knows", "--strategy", "none", "--option", "states=8", "--iterations", "1"]
  const trained = await swirl("train", ...both, ...options, "--rollout-tasks", "0", "--name", "both")
  expect([trained.code, trained.stderr]).toEqual([0, expect.not.stringContaining("no split")])
  const lines = readFileSync(join(directory, "oracle/train/both/metrics.jsonl"), "utf8").trim().split("\n")
  expect(JSON.parse(lines.at(-1)!).values).toMatchObject({ unscoredRate: 0, judgedReward: expect.any(Number) })
}, 120_000)
