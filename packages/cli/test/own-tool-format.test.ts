/** The model's own tool format in whole runs: a tiny checkpoint whose tokens are whole calls goes through the loop. */
import { existsSync } from "node:fs"
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { conversationBefore, native } from "@swirl-ts/runner"
import { jsonLines, swirlIn, temporaryFolder } from "@swirl-ts/test-support"
import { beforeAll, describe, expect, test } from "vitest"
import { writeSpeakingCheckpoint } from "./speaking-checkpoint.ts"

const call = (expression: string): string =>
  `<tool_call>\n{"name": "calculator", "arguments": {"expression": "${expression}"}}\n</tool_call>`
/** What a turn may be, and how often of a hundred. */
const turns = new Map([
  [call("1 + 1"), 30],
  [call("2 + 3"), 20],
  ["<answer>5</answer>", 25],
  [call("1 + 1") + call("2 + 3"), 10],
  ['<tool_call>\n{"name": "calculator", "argum', 10],
  ['I add.\n<tool_call>\n{"name": "adder", "arguments": {}}\n</tool_call>', 5],
])
const template = readFile(new URL("../../../fixtures/transformer/tool-templates/tagged.jinja", import.meta.url), "utf8")
const directory = temporaryFolder({
  "data/train.jsonl": jsonLines(
    ["Ann", "Ben", "Chi"].map((name) => ({
      question: `${name} has 2 and buys 3. How many?`,
      answer: "<<2+3=5>>5\n#### 5",
    })),
  ),
})
const swirl = swirlIn(directory, { SWIRL_BACKEND: "wasm" })
const model = "local:tiny"
const common = ["--data", "data", "--run", "run", "--json"]
const format = ["--action-format", "native"]
const generate = ["generate", "gsm8k", ...common, "--model", model, ...format, "--samples", "8", "--steps", "4"]

beforeAll(async () => writeSpeakingCheckpoint(join(directory, "tiny"), turns, await template), 60_000)

const lines = async (path: string) =>
  (await readFile(join(directory, path), "utf8"))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line))

describe("the loop with the model's own tool format", () => {
  test("shows the prompt as the model's template writes it", async () => {
    const { code, json } = await swirl(
      "show",
      "gsm8k",
      "--split",
      "train",
      "--data",
      "data",
      "--model",
      model,
      "--action-format",
      "native",
      "--json",
    )
    expect(code).toBe(0)
    expect(json.rendered).toMatch(/^<\|im_start\|>system\n[\s\S]*"name": "calculator"[\s\S]*<\|im_start\|>assistant\n$/)
    expect(json.rendered).not.toContain("CALL -> RESULT")
  }, 60_000)

  test("generates with calls, and a turn of two calls has both answered, rebuilt from its record too", async () => {
    const made = await swirl(...generate)
    expect(made.stderr + made.stdout).toContain('"errors": 0')
    const trajectories = await lines("run/trajectories.jsonl")
    const steps = trajectories.flatMap((trajectory) => trajectory.steps)
    const kinds = new Set(steps.map(({ kind, malformed }) => (kind === "malformed" ? malformed : kind)))
    expect([...kinds].sort()).toEqual([
      "answer",
      'there is no tool "adder"',
      "tool",
      "two calls",
      "what stands after <tool_call> is JSON that does not end",
    ])
    // Ids as sampled: the whole turn and its end, one log-probability each.
    for (const { tokenIds, logProbabilities } of steps) {
      expect(tokenIds).toHaveLength(2)
      expect(logProbabilities).toHaveLength(2)
    }
    const twice = trajectories.find(
      ({ steps: of }) => of.findIndex((step: { malformed?: string }) => step.malformed === "two calls") in of.slice(1),
    )
    const at = twice.steps.findIndex((step: { malformed?: string }) => step.malformed === "two calls")
    const rebuilt = conversationBefore(twice, at + 1, native)
    const results = rebuilt.filter(({ role }) => role === "tool").slice(-2)
    const calls = rebuilt.findLast(({ role }) => role === "assistant")!.content
    expect(calls).toHaveLength(2)
    expect(results.map(({ content }) => (content as { toolCallId: string }[])[0]!.toolCallId)).toEqual(
      (calls as { toolCallId: string }[]).map(({ toolCallId }) => toolCallId),
    )
    const again = await swirl(...generate)
    expect(again.json).toMatchObject({ trajectories: 24, reused: 24 })
  }, 120_000)

  test("judges, filters and trains on it: sampled actions are read as calls, and masked token by token", async () => {
    expect((await swirl("judge", ...common)).code).toBe(0)
    const train = [
      "train",
      ...common,
      "--model",
      model,
      "--strategy",
      "none",
      "--judge",
      "form",
      "--rollout-tasks",
      "2",
      "--iterations",
      "2",
    ]
    const option = (text: string): string[] => ["--option", text]
    const options = [...option("states=4"), ...option("samples=8")]
    const dry = (await swirl(...train, ...options, "--dry-run")).json
    expect(dry.rows.every(({ tokens: of }: { tokens: unknown[] }) => of.length === 2)).toBe(true)
    expect(dry.actions.map(({ text }: { text: string }) => text)).toContain("[calls calculator: 1 + 1]")
    const trained = await swirl(...train, ...options)
    expect(trained.json).toMatchObject({ steps: 2 })
    const metrics = await lines("run/train/swirl-none/metrics.jsonl")
    const { toolCallRate, answerRate, malformedRate } = metrics.at(-1).values
    expect(toolCallRate).toBeGreaterThan(0)
    expect(answerRate).toBeGreaterThan(0)
    expect(malformedRate).toBeGreaterThan(0)
    expect(toolCallRate + answerRate + malformedRate).toBeCloseTo(1)
    expect(existsSync(trained.json.checkpoint)).toBe(true)
    const evaluated = await swirl(
      "eval",
      "gsm8k",
      ...common,
      "--split",
      "train",
      "--leak",
      "off",
      "--model",
      `local:${trained.json.checkpoint}`,
      "--action-format",
      "native",
    )
    expect(evaluated.json.cells[0]).toMatchObject({ n: 3, errors: 0 })
  }, 180_000)
})

test("a template that takes no tools is refused before anything is generated, and says what would do", async () => {
  const { code, stderr } = await swirl(
    "generate",
    "gsm8k",
    ...common,
    "--run",
    "none",
    "--model",
    "nano",
    "--action-format",
    "native",
  )
  expect(code).toBe(2)
  expect(stderr).toContain("The model's chat template takes no tools")
  expect(stderr).toContain("tags")
}, 60_000)
