/** What judges, filters, algorithms and benchmarks of others do to the process is said by their names; what a judge gives is read with care. */
import { cp, mkdir, symlink } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { swirlIn, temporaryFolder } from "@swirl-ts/test-support"
import { expect, test } from "vitest"

/** ACCIDENT says which of the plugin's functions does what, VERDICT what its judge gives. */
const directory = temporaryFolder({
  "script.jsonl": '["<answer>yes</answer>"]',
  "own.mjs": `
import { definePlugin } from "@swirl-ts/core"
const what = {
  rejects: () => void setTimeout(() => Promise.reject(new Error("late")), 1),
  leaves: () => process.exit(0),
  hangs: () => new Promise(() => {}),
}
const [whose, does] = (process.env.ACCIDENT ?? "").split(" ")
const act = (mine) => (whose === mine ? what[does]() : undefined)
// What has been called has a moment to do it in.
const moment = () => new Promise((resolve) => setTimeout(resolve, 200))
const engine = ["sample", "forwardBackward", "optimStep", "logProbabilities", "saveState", "loadState", "languageModel", "dispose"]
export default definePlugin({
  meta: { name: "own", version: "1.0.0", apiVersion: 1 },
  benchmarks: { asking: {
    description: "Asks.", splits: ["train", "test"], tools: [], primaryMetric: "exact",
    limits: { toolCalls: 1, steps: 2, stepTokens: 64, trajectoryTokens: 5000 },
    async *load() {
      yield { id: "0", question: "Well?", answer: "yes" }
      await act("load")
      await moment()
    },
    prompt: (task) => [{ role: "user", content: [{ type: "text", text: task.question }] }],
    async score(task, answer) { act("score"); await moment(); return { exact: Number(answer === task.answer) } },
  } },
  judges: { strict: { description: "j", create: () => ({ identity: "strict/1", async judge() {
    act("judge")
    await moment()
    return process.env.VERDICT ? eval("(" + process.env.VERDICT + ")") : { verdict: "good", reason: "r" }
  } }) } },
  filters: { some: { description: "f", needs: [], keep() { act("keep"); return true } } },
  engines: { fake: { description: "e", create: () => Object.fromEntries(engine.map((name) => [name, () => undefined])) } },
  algorithms: { own: { description: "a", async train({ directory }) {
    await act("train")
    await moment()
    return { checkpoint: directory, steps: 1, alarms: [] }
  } } },
})`,
})
await mkdir(join(directory, "node_modules"))
const packages = fileURLToPath(new URL("../../../node_modules/@swirl-ts", import.meta.url))
await symlink(packages, join(directory, "node_modules", "@swirl-ts"))

const common = ["--plugin", "./own.mjs", "--json"]
const evaluate = ["eval", "asking", "--model", "script:script.jsonl"]
const generate = ["generate", "asking", "--model", "script:script.jsonl", ...common]
await swirlIn(directory)(...generate, "--run", "runs/others")
const judge = ["judge", "--judge", "strict"]
const filter = ["filter", "--strategy", "some"]
const train = ["train", "--strategy", "none", "--algorithm", "own", "--engine", "fake"]

test.concurrent.each([
  ["load rejects", evaluate, "Load of the benchmark own/asking left a rejected promise behind: late (own.mjs, line "],
  ["load hangs", evaluate, "At work: load of the benchmark own/asking."],
  [
    "score leaves",
    evaluate,
    "Score of the benchmark own/asking, task 0 called process.exit(0), which would have ended",
  ],
  ["judge rejects", judge, "The judge own/strict left a rejected promise behind: late (own.mjs, line "],
  ["judge leaves", judge, "The judge own/strict called process.exit(0), which would have ended"],
  ["keep leaves", filter, "Keep of the filter own/some called process.exit(0), which would have ended"],
  ["train rejects", train, "Train of the algorithm own/own left a rejected promise behind: late (own.mjs, line "],
  ["train hangs", train, "At work: train of the algorithm own/own."],
])(
  "a function that breaks out is said by its name: %s",
  async (accident, args, said) => {
    const run = `runs/${accident.replace(" ", "-")}`
    await cp(join(directory, "runs", "others"), join(directory, run), { recursive: true })
    const { code, stdout, stderr } = await swirlIn(directory, { ACCIDENT: accident })(...args, ...common, "--run", run)
    expect([code, stdout, stderr]).toEqual([1, "", expect.stringContaining(said)])
  },
  60_000,
)

test.each([
  ["{ verdict: 'good', reason: 'r', score: '1' }", "whose score is no number"],
  ["{ verdict: 'good', reason: 'r', score: null }", "whose score is no number"],
  ["{ verdict: 'good' }", "whose reason is missing"],
  ["{ verdict: 'maybe', reason: 'r' }", "which is no verdict"],
])(
  "a judge that gives %s leaves the step unscored, with what is wrong",
  async (VERDICT, why) => {
    const { code, stdout } = await swirlIn(directory, { VERDICT })(
      ...judge,
      ...common.slice(0, 2),
      "--run",
      "runs/others",
    )
    expect([code, stdout]).toEqual([3, expect.stringContaining("strict: 1 steps judged now")])
    expect(stdout).toMatch(new RegExp(`1 x the judge failed: it returned .*, ${why}`))
  },
  60_000,
)
