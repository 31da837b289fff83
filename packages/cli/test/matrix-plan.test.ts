/** `swirl matrix --plan` says what a run will take; what it measures for that are records of the run itself. */
import { cpSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { folderDigests, swirlIn, temporaryFolder } from "@swirl-ts/test-support"
import { expect, test } from "vitest"

const core = fileURLToPath(new URL("../../core/src/index.ts", import.meta.url))
const plugin = `import { definePlugin } from ${JSON.stringify(core)}
export default definePlugin({
  meta: { name: "own", version: "1.0.0", apiVersion: 1 },
  benchmarks: { capitals: {
    description: "", splits: ["train", "test"], tools: [], primaryMetric: "exact",
    limits: { toolCalls: 2, steps: 3, stepTokens: 10, trajectoryTokens: 100 },
    load: (split) => Array.from({ length: 9 }, (_, i) => ({ id: split + i, question: split + " question " + i, answer: "Lima" })),
    prompt: (task) => [{ role: "user", content: [{ type: "text", text: task.question }] }],
    score: (task, answer = "") => ({ exact: Number(answer === task.answer) }),
  } },
})
`
const experiment = {
  policy: "script:base.jsonl",
  judge: "form",
  seeds: [1, 2],
  cells: ["capitals/test"],
  trainings: [{ name: "t", train: ["capitals"], filter: "none" }],
  references: [{ name: "other", policy: "script:other.jsonl" }],
  generation: { tasks: 5, samples: 2, temperature: 1 },
  evaluation: { questions: 7 },
  prices: { "script:base.jsonl": { input: 1, output: 1000 } },
}
const folderOf = (changed: object = {}) =>
  temporaryFolder({
    "own.ts": plugin,
    "base.jsonl": JSON.stringify({ reply: "<answer>Lima</answer>" }),
    "other.jsonl": JSON.stringify({ reply: "<answer>Rome</answer>" }),
    "mine.json": { ...experiment, ...changed },
  })
const command = ["matrix", "mine.json", "--plugin", "./own.ts", "--run", "run"]

test("counts, limits, money and time; the second time nothing is asked again", async () => {
  const folder = folderOf()
  const swirl = swirlIn(folder)
  const nothing = await swirl(...command, "--plan", "--measure", "0", "--json")
  expect([nothing.code, nothing.json.measured, nothing.json.seconds]).toEqual([
    0,
    { cell: "capitals/test" },
    { processes: 2 },
  ])
  expect(folderDigests(folder)).not.toHaveProperty(["run/base/run.json"])
  const { json } = await swirl(...command, "--plan", "--measure", "4", "--json")
  expect(json).toMatchObject({
    cells: [{ name: "capitals/test", questions: 7 }],
    jobs: { generate: 2, judge: 2, train: 2, evaluate: 4 },
    judging: [{ judge: "form", asksModel: false, steps: 2 * 2 * 5 * 3 }],
    measured: { tokens: { input: 3, output: 1, trajectories: 4 }, time: { questions: 4 } },
  })
  // 2 seeds x 5 tasks x 2 samples; three words are read and one is written each.
  expect(json.rollouts[0]).toEqual({
    what: "generate capitals",
    policy: "script:base.jsonl",
    trajectories: 20,
    most: { input: 20 * 3 * 100, output: 20 * 30 },
    about: { input: 60, output: 20 },
    dollars: { most: (6000 + 600_000) / 1e6, about: (60 + 20_000) / 1e6 },
  })
  expect(
    json.rollouts.map(({ what, policy, trajectories }: Record<string, unknown>) => [what, policy, trajectories]),
  ).toEqual([
    ["generate capitals", "script:base.jsonl", 20],
    ["evaluate base", "script:base.jsonl", 7],
    ["evaluate t", "trained", 14],
    ["evaluate other", "script:other.jsonl", 7],
  ])
  const { seconds, questions } = json.measured.time
  expect(json.seconds.rollouts).toBeCloseTo(((20 + 7 + 14 + 7) * seconds) / questions / 2)
  const before = folderDigests(folder)
  const again = await swirl(...command, "--plan", "--processes", "4")
  expect(again.stdout).toMatch(
    /4 of its questions took .* s, 16 at once\ntime at 4 processes: roll-outs: about \d+ s; trainings: not known/,
  )
  expect(folderDigests(folder)).toEqual(before)
}, 60_000)

test("what was measured are the very records of the run", async () => {
  const [measured, plain] = [folderOf({ trainings: [] }), folderOf({ trainings: [] })]
  cpSync(join(plain, "mine.json"), join(measured, "mine.json"))
  expect((await swirlIn(measured)(...command, "--plan", "--measure", "3")).code).toBe(0)
  const finished = await Promise.all([measured, plain].map((folder) => swirlIn(folder)(...command, "--json")))
  expect(finished.map(({ code }) => code)).toEqual([0, 0])
  const records = (folder: string) => {
    const [path] = Object.keys(folderDigests(folder)).filter((name) => /run\/base\/eval\/.*capitals.jsonl$/.test(name))
    return readFileSync(join(folder, path!), "utf8").split("\n").sort()
  }
  expect(records(measured)).toEqual(records(plain))
  expect(finished[0]!.json.rows).toEqual(finished[1]!.json.rows)
}, 60_000)

test("where nothing can be measured the plan says so, and is there all the same", async () => {
  const folder = folderOf({ policy: "openai:nobody", prices: {} })
  const { code, stdout, stderr } = await swirlIn(folder, { SWIRL_BASE_URL: "http://127.0.0.1:9/v1" })(
    ...command,
    "--plan",
  )
  expect([code, stdout, stderr]).toEqual([
    0,
    expect.stringContaining("time: nothing was measured"),
    expect.stringMatching(/Nothing could be measured: The server has not answered for 10 s\. \S+ could not be reached/),
  ])
}, 90_000)
