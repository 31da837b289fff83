/** A run that was recorded is run again without the model, without the tool, and without either. */
import { globSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type { Trajectory } from "@swirl-ts/core"
import { swirlIn, temporaryFolder } from "@swirl-ts/test-support"
import { expect, test } from "vitest"

/** Says something else at every call, as a live search does. */
const tools = `
import { definePlugin } from "@swirl-ts/core"
let calls = 0
export default definePlugin({
  meta: { name: "live", version: "1.0.0", apiVersion: 1 },
  tools: {
    news: {
      description: "Today's news.",
      inputSchema: { jsonSchema: { type: "object", properties: { topic: { type: "string" } }, required: ["topic"] } },
      execute: ({ topic }) => topic + " headline " + process.pid + "/" + ++calls,
    },
  },
})
`
const benchmark = `
import { definePlugin, instructions, userMessage } from "@swirl-ts/core"
export default definePlugin({
  meta: { name: "papers", version: "1.0.0", apiVersion: 1 },
  benchmarks: {
    papers: {
      description: "News.", splits: ["test"], primaryMetric: "exact", tools: [{ name: "news" }],
      limits: { toolCalls: 3, steps: 4, stepTokens: 200, trajectoryTokens: 4000 },
      async *load() { yield { id: "0", question: "What of Rome?", answer: "read" } },
      prompt: (task, context) => [userMessage(instructions(task.question, "Answer shortly.", context))],
      score: (task, answer) => ({ exact: Number(answer === task.answer) }),
    },
  },
})
`
const script = (topic: string) =>
  JSON.stringify([`<news>${topic}</news>`, `<news>${topic}</news>`, "<answer>read</answer>"])

test("a recorded run answers for its model and for its tools, and says what it does not have", async () => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, "live.mjs"), tools)
  writeFileSync(join(folder, "papers.mjs"), benchmark)
  writeFileSync(join(folder, "rome.json"), script("rome"))
  writeFileSync(join(folder, "oslo.json"), script("oslo"))
  const swirl = swirlIn(folder)
  const evaluate = (run: string, ...more: string[]) =>
    swirl("eval", "papers", "--plugin", "./papers.mjs", "--epochs", "2", "--run", run, "--json", ...more)
  const recorded = (run: string) =>
    globSync("eval/*/*.trajectories.jsonl", { cwd: join(folder, run) })
      .flatMap((path) =>
        readFileSync(join(folder, run, path), "utf8")
          .trim()
          .split("\n"),
      )
      .map((line) => JSON.parse(line) as Trajectory)
      .sort((a, b) => a.epoch - b.epoch)
  const results = (run: string) => recorded(run).map(({ steps }) => steps.map((step) => step.observation?.text))

  const first = await evaluate("a", "--plugin", "./live.mjs", "--model", "script:rome.json")
  expect(first.json.cells[0]).toMatchObject({ n: 2, accuracy: 1, toolCalls: 4 })
  expect(new Set(results("a").flat().slice(0, 5)).size).toBe(5)

  rmSync(join(folder, "live.mjs"))
  const gone = await evaluate("none", "--model", "script:rome.json")
  expect([gone.code, gone.stderr]).toEqual([2, expect.stringContaining('There is no tool "news"')])

  const replayed = await evaluate("b", "--replay-tools", "a", "--model", "script:rome.json")
  expect(replayed.stderr).toContain("Tools: 4 calls answered from a\n")
  expect(replayed.json.cells[0]).toMatchObject({ n: 2, accuracy: 1 })
  expect(results("b")).toEqual(results("a"))
  expect(JSON.parse(readFileSync(join(folder, "b/run.json"), "utf8")).tools).toEqual(
    JSON.parse(readFileSync(join(folder, "a/run.json"), "utf8")).tools,
  )

  const other = await evaluate("c", "--replay-tools", "a", "--model", "script:oslo.json")
  expect(other.code).toBe(3)
  expect(other.stderr).toContain("2 calls that it does not have")
  expect(recorded("c")[0]!.error).toMatch(
    /^a has no answer of the tool news to \{"topic":"oslo"\} for 0 of papers\/papers\/test: it was not called so/,
  )

  const both = await evaluate("d", "--model", "replay:a", "--replay-tools", "a")
  expect(both.json.cells[0]).toMatchObject({ n: 2, accuracy: 1, cached: 6 })
  expect(recorded("d").map(({ steps }) => steps)).toEqual(recorded("a").map(({ steps }) => steps))
  expect(recorded("d")[0]!.usage).toMatchObject({ inputTokens: 0, outputTokens: 0, cached: recorded("a")[0]!.usage })

  const mixed = await evaluate("b", "--plugin", "./papers.mjs", "--model", "script:rome.json", "--replay-tools", "c")
  expect([mixed.code, mixed.stderr]).toEqual([2, expect.stringContaining('replayTools was "a" and is "c" now')])
}, 400_000)
