/** A number over records of several texts says so wherever it is shown, and a comparison says what else differs than the policy. */
import { readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { jsonLines, swirlIn, temporaryFolder } from "@swirl-ts/test-support"
import { beforeEach, expect, test } from "vitest"
import { reportSummary } from "./report-summary.ts"

/** What a plugin's file is like. */
const first = { right: 1, prompt: "Answer.", k: 3, label: "yes", hint: "none", version: "1.0.0" }
const plugin = ({ right, prompt, k, label, hint, version }: typeof first) => `
import { definePlugin } from "@swirl-ts/core"
const look = { description: "Looks.", inputSchema: { type: "object" }, execute: () => "", bind: () => look }
export default definePlugin({
  meta: { name: "mine", version: "${version}", apiVersion: 1 },
  tools: { look },
  benchmarks: {
    quiz: {
      description: "", splits: ["test"], tools: [{ name: "look", options: { k: ${k} } }], primaryMetric: "exact",
      limits: { toolCalls: 1, steps: 2, stepTokens: 9, trajectoryTokens: 99 },
      load: () => [0, 1, 2, 3, 4, 5].map((row) => ({
        id: "test/" + row, question: "Question " + row + "?", answer: row < 3 ? "${label}" : "yes", hint: "${hint}",
      })),
      prompt: ({ question }) => [{ role: "user", content: [{ type: "text", text: "${prompt} " + question }] }],
      score: ({ answer }, given) => ({ exact: given === answer ? ${right} : 0 }),
    },
  },
})`

const folder = temporaryFolder({
  "turns.jsonl": jsonLines([{ reply: "<answer>yes</answer>" }]),
  "others.jsonl": jsonLines([{ reply: "<answer>no</answer>" }]),
})
const swirl = swirlIn(folder)
const write = (text: Partial<typeof first> = {}) =>
  writeFileSync(join(folder, "plugin.ts"), plugin({ ...first, ...text }))
const evaluate = (run: string, ...more: string[]) =>
  swirl(..."eval quiz --plugin ./plugin.ts --model script:turns.jsonl --quiet --run".split(" "), run, ...more)
const compare = (a: string, b: string, ...more: string[]) => swirl("compare", a, b, "--plugin", "./plugin.ts", ...more)
beforeEach(() => write())

test("a number over records of several texts says so each time it is shown; one over records of one of them does not", async () => {
  await evaluate("mixed", "--limit", "2")
  write({ right: 0 })
  await evaluate("mixed", "--limit", "4")
  write({ right: 0, version: "1.1.0" })
  const several =
    /mine\/quiz\/test: over records of 2 versions of mine \(4 of 1\.0\.0, 2 of 1\.1\.0\) and 3 texts of mine \(2 of [0-9a-f]{8}, 2 of [0-9a-f]{8}, 2 of [0-9a-f]{8}\)\n/
  expect((await evaluate("mixed")).stdout).toMatch(several)
  const again = await evaluate("mixed")
  expect(again.stdout).toMatch(several)
  expect((await evaluate("mixed", "--limit", "2")).stdout).not.toContain("over records")
  const { json } = await evaluate("mixed", "--json")
  expect(json.cells[0].madeBy).toMatchObject([
    { what: "version", of: ["mine"], values: [{ value: "1.0.0", samples: 4 }, { samples: 2 }] },
    { what: "text", of: ["mine"], values: [{ samples: 2 }, { samples: 2 }, { samples: 2 }] },
  ])

  await evaluate("whole")
  expect((await evaluate("whole")).stdout).not.toContain("over records")
  const { stdout } = await compare("mixed", "whole")
  expect(stdout).toMatch(/: a: over records of 2 versions of mine .* 3 texts of mine \(2 of/)
  expect(stdout).not.toContain("b: over records")

  await swirl("report", "--run", "mixed", "--plugin", "./plugin.ts")
  expect(JSON.stringify(reportSummary(join(folder, "mixed")))).toMatch(/over records of 2 versions of mine/)
  for (const file of ["matrix.csv", "matrix.md", "matrix.tex"])
    expect(readFileSync(join(folder, "mixed", "report", file), "utf8")).toMatch(/over records of 2 versions of mine/)
}, 120_000)

test("samples of before they said who made them are told without counts, and a folder of before makers claims nothing", async () => {
  await evaluate("old", "--limit", "2")
  write({ right: 0 })
  const { json } = await evaluate("old", "--json")
  const samples: string = json.cells[0].file
  const without = readFileSync(samples, "utf8").replace(/"(maker|referenceHash)":"[0-9a-f]+",/g, "")
  expect(without).not.toContain('"maker"')
  writeFileSync(samples, without)
  expect((await evaluate("old")).stdout).toMatch(/over records of 2 texts of mine \([0-9a-f]{8}, [0-9a-f]{8}\)\n/)
  const { makers: _makers, ...before } = JSON.parse(readFileSync(join(folder, "old", "run.json"), "utf8"))
  writeFileSync(join(folder, "old", "run.json"), JSON.stringify({ ...before, digests: {} }))
  await evaluate("new", "--model", "script:others.jsonl")
  const { stdout } = await compare("old", "new")
  expect(stdout).not.toMatch(/over records|differ in/)
}, 120_000)

test.each([
  ["the text of a plugin", { right: 0 }, [], /differ in text of mine \([0-9a-f]{8} \/ [0-9a-f]{8}\)$/],
  ["its version", { version: "1.2.0" }, [], /differ in version of mine \(1\.0\.0 \/ 1\.2\.0\), text of mine/],
  [
    "prompts",
    { prompt: "Think." },
    [],
    /differ in prompts of 6 questions \([0-9a-f]{8} \/ [0-9a-f]{8}\), text of mine/,
  ],
  ["options of a tool", { k: 5 }, [], /differ in tools \([0-9a-f]{8} \/ [0-9a-f]{8}\), text of mine/],
  ["what else tasks have", { hint: "some" }, [], /differ in data \([0-9a-f]{8} \/ [0-9a-f]{8}\), text of mine/],
  ["limits of tools", {}, ["--tool-timeout", "7"], /differ in limits of tools \(none of its own \/ .*"timeout":7.*\)$/],
])(
  "other %s than the policy is said of one policy on both sides",
  async (what, text, options, says) => {
    await evaluate(`one ${what}`)
    write(text)
    await evaluate(`two ${what}`, ...options)
    const { code, stdout } = await compare(`one ${what}`, `two ${what}`)
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/^a and b are one and the same policy: script-\S+ \(script:/),
    ])
    expect(stdout.split("\n").find((line) => line.includes("differ in"))).toMatch(says)
    const { json } = await compare(`one ${what}`, `two ${what}`, "--json")
    expect(json.cells[0].result.differs.length).toBeGreaterThan(0)
  },
  120_000,
)

test("two policies are named, and nothing is said where nothing else differs", async () => {
  await evaluate("yes")
  await evaluate("no", "--model", "script:others.jsonl")
  const { stdout } = await compare("yes", "no")
  expect(stdout).toMatch(/^a: script-\S+ \(script:turns\.jsonl\)\nb: script-\S+ \(script:others\.jsonl\)\n/)
  expect(stdout).not.toContain("differ in")
  const { json } = await compare("yes", "no", "--json")
  expect(json).toMatchObject({ policies: { a: { model: "script:turns.jsonl" }, b: { model: "script:others.jsonl" } } })
  expect(json.cells[0].result).not.toHaveProperty("differs")
  write({ k: 5 })
  await evaluate("more", "--model", "script:others.jsonl")
  expect((await compare("yes", "more")).stdout).toMatch(
    /: a and b differ in more than the policy: tools \(.*\), text of/,
  )
}, 120_000)

test("a question with other reference answers has no partner; with none left the comparison is refused", async () => {
  await evaluate("labels")
  write({ label: "no" })
  await evaluate("relabelled")
  const { stdout, code } = await compare("labels", "relabelled")
  expect([code, stdout]).toEqual([
    0,
    expect.stringContaining("left out of the questions: 3 have other reference answers"),
  ])
  expect(stdout).toMatch(/100\.0 {2}100\.0 .* 3\n/)
  await evaluate("three", "--limit", "3")
  const refused = await compare("labels", "three")
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining("3 have other reference answers")])
}, 120_000)

test("a matrix says it of each row that is over several texts, and of each that has other ones than the base", async () => {
  const experiment = {
    policy: "script:others.jsonl",
    judge: "form",
    trainings: [],
    references: [{ name: "yes", policy: "script:turns.jsonl" }],
    cells: ["quiz/test"],
    seeds: [1],
    evaluation: { questions: 2 },
  }
  const matrix = async (questions: number) => {
    writeFileSync(join(folder, "e.json"), JSON.stringify({ ...experiment, evaluation: { questions } }))
    const options = "matrix e.json --plugin ./plugin.ts --run matrix --json".split(" ")
    return (await swirl(...options)).json
  }
  const before = await matrix(2)
  expect(before.rows[0].cells["quiz/test"]).not.toHaveProperty("madeBy")
  write({ right: 0 })
  const { base, rows } = await matrix(4)
  const values = [{ samples: 2 }, { samples: 2 }]
  expect([base, rows[0].cells].map((cells) => cells["quiz/test"].madeBy)).toMatchObject(Array(2).fill([{ values }]))
  // The base keeps what it has; the row is made anew.
  rmSync(join(folder, "matrix", "yes"), { recursive: true })
  const again = await matrix(4)
  const [row] = again.rows
  expect(row.cells["quiz/test"]).toMatchObject({ differs: [{ what: "text of mine" }] })
  expect(row.cells["quiz/test"]).not.toHaveProperty("madeBy")
  const { stdout } = await swirl("matrix", "e.json", "--plugin", "./plugin.ts", "--run", "matrix", "--quiet")
  expect(stdout).toMatch(/quiz\/test base: over records of 2 texts of mine \(2 of/)
  expect(stdout).toMatch(/quiz\/test yes .*: the base and this row differ in more than the policy: text of mine \(/)
}, 120_000)
