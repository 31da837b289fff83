/** Tools of others in whole runs: they hang, return too much, end the process or fail later, and the same command goes on. */
import { spawn } from "node:child_process"
import { existsSync } from "node:fs"
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import {
  ended,
  jsonLines,
  sourceFlags,
  swirlCommand,
  swirlEnvironment,
  swirlIn,
  temporaryFolder,
  until,
} from "@swirl-ts/test-support"
import { beforeEach, expect, test } from "vitest"
import { reportSummary } from "./report-summary.ts"

const directory = temporaryFolder({
  // One call a task, then the answer.
  "script.jsonl": jsonLines([{ replies: ["<ask>go</ask>", "<answer>yes</answer>"] }]),
})
const swirl = swirlIn(directory)
await mkdir(join(directory, "node_modules"))
const packages = fileURLToPath(new URL("../../../node_modules/@swirl-ts", import.meta.url))
await symlink(packages, join(directory, "node_modules", "@swirl-ts"))

/** A benchmark of six tasks, `more` statements, and a tool whose call for task `id` does `execute`. */
const writePlugin = (execute: string, more = ""): Promise<void> =>
  writeFile(
    join(directory, "own.mjs"),
    `
import { definePlugin } from "@swirl-ts/core"
import { existsSync, writeFileSync } from "node:fs"
${more}
const inputSchema = { "~standard": { version: 1, vendor: "by-hand", validate: (value) => ({ value }) } }
const tag = { name: "ask", argument: "text" }
export const ask = {
  description: "answers", inputSchema, tag,
  execute: () => "unbound",
  bind: ({ taskId: id }) => ({
    description: "answers", inputSchema, tag,
    async execute({ text }, { abortSignal }) { ${execute} },
  }),
}
export const own = definePlugin({
  meta: { name: "own", version: "1.0.0", apiVersion: 1 },
  tools: { ask },
  benchmarks: { asking: {
    description: "Asks.", splits: ["train", "test"], tools: [{ name: "ask" }], primaryMetric: "exact",
    limits: { toolCalls: 3, steps: 4, stepTokens: 64, trajectoryTokens: 5000 },
    async *load(split, { limit = 6 }) {
      for (let index = 0; index < Math.min(6, limit); index++) yield { id: split + "/" + index, question: "Well?", answer: "yes" }
    },
    prompt: (task) => [{ role: "user", content: [{ type: "text", text: task.question }] }],
    score: (task, answer) => ({ exact: Number(answer === task.answer) }),
  } },
})
export default own
`,
  )

const plugin = ["--plugin", "./own.mjs", "--model", "script:script.jsonl"]
let run = ""
let number = 0
beforeEach(() => {
  run = `run-${number++}`
})
const records = async (): Promise<{ taskId: string; status: string; steps: { observation?: { text: string } }[] }[]> =>
  (await readFile(join(directory, run, "trajectories.jsonl"), "utf8"))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line))

test("a tool that never returns and one that returns 10 MB are observations, and the run goes on", async () => {
  await writePlugin(`
    if (id === "train/1") await new Promise(() => {})
    if (id === "train/2") return "x".repeat(1e7)
    return "fine"`)
  const generate = ["generate", "asking", "--run", run, "--json", ...plugin]
  const { code, json } = await swirl(...generate, "--tool-timeout", "0.5")
  const late = "the tool ask did not end within 0.5 s, so its call was given up"
  const counted = {
    trajectories: 6,
    answered: 6,
    toolCalls: 6,
    toolErrors: 1,
    tools: { ask: { calls: 6, errors: 1, reasons: { [late]: 1 } } },
  }
  expect([code, json]).toEqual([0, expect.objectContaining(counted)])
  const seen = Object.fromEntries((await records()).map(({ taskId, steps }) => [taskId, steps[0]!.observation!.text]))
  expect(seen["train/0"]).toBe("fine")
  expect(seen["train/1"]).toBe(`error: ${late}`)
  expect(seen["train/2"]).toMatch(/x\n\[The result is cut here: 9,984,000 of 10,000,000 characters are missing.\]$/)
  // What does not fit is never sent.
  const more = await swirl(...generate, "--run", `${run}-more`, "--tool-timeout", "0.5", "--observation-limit", "20000")
  expect(more.json).toMatchObject({ answered: 5, tokenLimit: 1 })
  // Limits are what records are made under: the same go on, others are refused.
  expect((await swirl(...generate, "--tool-timeout", "0.5")).json).toMatchObject({ ...counted, reused: 6 })
  const { code: refused, stderr } = await swirl(...generate)
  expect([refused, stderr]).toEqual([
    2,
    expect.stringContaining('toolLimits was {"ask":{"timeout":0.5}} and is not set now'),
  ])
}, 60_000)

test("failed calls are counted and told by generate, eval and the report, also where a run is resumed", async () => {
  await writePlugin(`
    if (id.endsWith("/0")) throw new Error("no connection\\nat a line")
    if (id.endsWith("/1") || id.endsWith("/2")) return { isError: true, output: "not found" }
    return "fine"`)
  const reasons = { "not found": 2, "no connection": 1 }
  const line = "ask: 3 errors in 6 calls: 2 x not found · 1 x no connection"
  const generated = await swirl("generate", "asking", "--run", run, ...plugin)
  expect(generated.stdout).toContain(`12 steps: 6 tool calls (3 answered with an error), 0 malformed\n  ${line}\n`)
  for (const _time of [1, 2]) {
    const evaluated = await swirl("eval", "asking", "--run", run, "--json", ...plugin)
    expect(evaluated.json.cells[0]).toMatchObject({
      errors: 0,
      toolCalls: 6,
      toolErrors: 3,
      tools: { ask: { calls: 6, errors: 3, reasons } },
    })
  }
  expect((await swirl("eval", "asking", "--run", run, ...plugin)).stdout).toContain(`  own/asking: ${line}\n`)
  expect((await swirl("report", "--run", run, "--json", "--plugin", "./own.mjs")).code).toBe(0)
  const asked = { name: "ask", calls: 12, errors: 6, reasons: { "not found": 4, "no connection": 2 } }
  expect(reportSummary(join(directory, run)).tools).toEqual([expect.objectContaining(asked)])
}, 60_000)

test("the config says limits by tool, before the flags; a name that is none is wrong usage", async () => {
  await writePlugin(`await new Promise(() => {})`)
  const config = (tools: string) =>
    writeFile(
      join(directory, "limits.config.mjs"),
      `import official from "@swirl-ts/models"
import { formats } from "@swirl-ts/runner"
import { own } from "./own.mjs"
export default { plugins: [official(), formats(), own], tools: ${tools} }`,
    )
  await config(`{ "own/ask": { timeout: 0.3 } }`)
  const evaluate = ["eval", "asking", "--limit", "1", "--run", run, "--config", "limits.config.mjs", ...plugin.slice(2)]
  expect((await swirl(...evaluate)).code).toBe(0)
  expect(JSON.parse(await readFile(join(directory, run, "run.json"), "utf8")).spec).toMatchObject({
    [`eval/${await policyOf(run)}/own/asking/test`]: { toolLimits: { ask: { timeout: 0.3 } } },
  })
  const tool = ["tool", "own/ask", "hm", "--config", "limits.config.mjs"]
  expect((await swirl(...tool)).stdout).toBe("unbound\n")
  await config(`{ "own/aks": { timeout: 0.3 } }`)
  const { code, stderr } = await swirl(...tool)
  expect([code, stderr]).toEqual([2, expect.stringContaining('There is no tool "own/aks". Did you mean "own/ask"?')])
}, 60_000)

async function policyOf(folder: string): Promise<string> {
  const { spec } = JSON.parse(await readFile(join(directory, folder, "run.json"), "utf8"))
  return Object.keys(spec)[0]!.split("/")[1]!
}

test.each([
  ["process.exit(0)", "The tool own/ask (task train/3) called process.exit(0), which would have ended the command."],
  [
    "setTimeout(() => { throw new Error('boom') }, 20); await new Promise((resolve) => setTimeout(resolve, 5000))",
    "The tool own/ask (task train/3) threw where nothing catches it: boom (own.mjs, line ",
  ],
  [
    "new Promise((resolve, reject) => setTimeout(() => reject(new Error('late')), 20)); return 'fine'",
    "The tool own/ask (task train/3) left a rejected promise behind: late (own.mjs, line ",
  ],
])(
  "what a tool does to the process is said by its name, and the same command goes on: %s",
  async (accident, said) => {
    const mended = join(directory, `${run}-mended`)
    await writePlugin(`
    if (id === "train/3" && !existsSync(${JSON.stringify(mended)})) { ${accident} }
    await new Promise((resolve) => setTimeout(resolve, 100))
    return "fine"`)
    const generate = ["generate", "asking", "--run", run, "--concurrency", "1", "--json", ...plugin]
    const { code, stdout, stderr } = await swirl(...generate)
    expect([code, stdout, stderr]).toEqual([1, "", expect.stringContaining(said)])
    const before = await records()
    expect(before.length).toBeGreaterThanOrEqual(3)
    expect(before.every(({ status }) => status === "answered")).toBe(true)
    expect(existsSync(join(directory, run, "lock"))).toBe(false)
    await writeFile(mended, "")
    expect((await swirl(...generate)).json).toMatchObject({ trajectories: 6, reused: before.length, answered: 6 })
  },
  60_000,
)

test("in a worker of a matrix, a tool prints to standard error, and what it does to the process is said by its name", async () => {
  await writeFile(
    join(directory, "experiment.mjs"),
    `export default { policy: "script:script.jsonl", judge: "form", cells: ["asking/test"], trainings: [], evaluation: { questions: 2 } }`,
  )
  const matrix = ["matrix", "experiment.mjs", "--run", run, "--json", ...plugin.slice(0, 2)]
  await writePlugin("console.log('called'); process.exit(0)")
  const ended = await swirl(...matrix)
  const said = "The tool own/ask (task test/0) called process.exit(0)"
  expect([ended.code, ended.json.withoutResult]).toEqual([3, { "asking/test": expect.stringContaining(said) }])
  expect(ended.stderr).toContain(said)
  await writePlugin("console.log('called'); await new Promise((resolve) => setTimeout(resolve, 1000)); return 'fine'")
  const late = await swirl(...matrix, "--tool-timeout", "0.1")
  expect(late.json.base["asking/test"]).toMatchObject({ accuracy: 1, n: 2 })
  expect(late.stderr.match(/^called$/gm)).toHaveLength(2)
  const { spec } = JSON.parse(await readFile(join(directory, run, "base", "run.json"), "utf8"))
  expect(Object.values(spec)).toEqual([expect.objectContaining({ toolLimits: { ask: { timeout: 0.1 } } })])
}, 60_000)

test("one SIGTERM ends a command that listens to nothing", async () => {
  const started = join(directory, `${run}-started`)
  await writePlugin(
    "return 'fine'",
    `if (process.argv.includes("generate")) setTimeout(() => {
  writeFileSync(${JSON.stringify(started)}, "")
  setInterval(() => {}, 1000)
}, 0)`,
  )
  await writeFile(
    join(directory, "deaf.mjs"),
    `import { definePlugin } from "@swirl-ts/core"
import { own } from "./own.mjs"
const never = { async *[Symbol.asyncIterator]() { await new Promise(() => {}) } }
export default definePlugin({ ...own, benchmarks: { asking: { ...own.benchmarks.asking, load: () => never } } })`,
  )
  const child = spawn(
    process.execPath,
    [...sourceFlags, swirlCommand, "generate", "asking", "--run", run, ...plugin.with(1, "./deaf.mjs")],
    { cwd: directory, env: swirlEnvironment(directory) },
  )
  let said = ""
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text
  })
  await until(() => existsSync(started))
  await new Promise((resolve) => setTimeout(resolve, 1000))
  child.kill("SIGTERM")
  expect(await ended(child)).toBe(143)
  expect(said).toContain("Stopped by a signal. The same command continues where it stopped. What did not end by itself")
}, 60_000)

test("one SIGTERM ends a run whose tool ignores it, and the same command goes on", async () => {
  const started = join(directory, `${run}-started`)
  await writePlugin(`
    if (id === "train/4") {
      writeFileSync(${JSON.stringify(started)}, "")
      if (!existsSync(${JSON.stringify(started)} + "-mended")) await new Promise((resolve) => setInterval(() => {}, 100))
    }
    return "fine"`)
  const generate = ["generate", "asking", "--run", run, "--concurrency", "1", "--json", ...plugin]
  const child = spawn(process.execPath, [...sourceFlags, swirlCommand, ...generate], {
    cwd: directory,
    env: swirlEnvironment(directory),
  })
  let said = ""
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text
  })
  await until(() => existsSync(started))
  const from = performance.now()
  child.kill("SIGTERM")
  expect(await ended(child)).toBe(143)
  expect(performance.now() - from).toBeLessThan(6000)
  expect(said).toContain("Stopped by a signal. The same command continues where it stopped.")
  expect(await records()).toHaveLength(4)
  await writeFile(`${started}-mended`, "")
  expect((await swirl(...generate)).json).toMatchObject({ trajectories: 6, reused: 4, answered: 6 })
}, 60_000)
