/** A user's wording of the first prompt and worked examples, from the command line: what is asked, what is recorded, what is refused. */
import { readFileSync, writeFileSync } from "node:fs"
import { join, resolve } from "node:path"
import { messageText, type Prompt } from "@swirl-ts/core"
import { jsonLines, swirlIn, temporaryFolder } from "@swirl-ts/test-support"
import { expect, test } from "vitest"
import { appleTasks } from "./apple-tasks.ts"

const wording = "[system]\nUse {{tool_names}}.\n[user]\n{{answer_hint}}\n{{tools}}\nQ: {{question}}\n"
const quiz = `
import { definePlugin, userMessage } from "@swirl-ts/core"
export default definePlugin({
  meta: { name: "mine", version: "1.0.0", apiVersion: 1 },
  benchmarks: {
    quiz: {
      description: "", splits: ["test"], tools: [], primaryMetric: "right",
      limits: { toolCalls: 3, steps: 4, stepTokens: 9, trajectoryTokens: 99 },
      load: () => [{ id: "a", question: "which town ?", answer: "Oslo" }],
      prompt: ({ question }) => [userMessage("Say it. " + question)],
      score: (task, answer) => ({ right: answer === task.answer ? 1 : 0 }),
    },
  },
})
`
const directory = temporaryFolder({
  "data/test.jsonl": appleTasks,
  "data/train.jsonl": appleTasks,
  "terse.txt": wording,
  "quiz.mjs": quiz,
  "script.jsonl": jsonLines([{ match: "Q: ", reply: "<answer>15</answer>" }, { reply: "<answer>5</answer>" }]),
})
const swirl = swirlIn(directory)
const turns = (prompt: Prompt): string[] => prompt.map((message) => `${message.role}: ${messageText(message)}`)
const lines = (path: string) =>
  readFileSync(resolve(directory, path), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line))

test("show prints the whole first prompt in the user's words, worked examples as turns", async () => {
  const shown = await swirl("show", "gsm8k", "--data", "data", "--prompt", "terse.txt", "--shots", "1", "--json")
  expect(turns(shown.json.prompt)).toEqual([
    "system: Use calculator.",
    expect.stringMatching(/^user: Your answer is one number only.*\nTo call calculator[\s\S]*\nQ: Ben has 40/),
    "assistant: <math_exp>40+2</math_exp>",
    "user: 40+2 -> 42.0",
    "assistant: <answer>42</answer>",
    expect.stringMatching(/^user: Q: Ann has 2/),
  ])
  const strange = await swirl("show", "quiz", "--plugin", "./quiz.mjs", "--prompt", "terse.txt", "--json")
  expect(turns(strange.json.prompt)[1]).toMatch(/<answer>your answer<\/answer>\.\nQ: which town \?$/)
  const none = await swirl("show", "quiz", "--plugin", "./quiz.mjs", "--shots", "1")
  expect([none.code, none.stderr]).toEqual([
    2,
    "Benchmark mine/quiz has no worked examples to show. Leave --shots out.\n",
  ])
}, 60_000)

test("a folder is gone on with by the same wording alone, and says which one another is", async () => {
  const generate = (...more: string[]) =>
    swirl("generate", "gsm8k", "--data", "data", "--run", "run", "--model", "script:script.jsonl", "--json", ...more)
  expect((await generate("--prompt", "terse.txt", "--limit", "1")).code).toBe(0)
  writeFileSync(join(directory, "copy.txt"), wording.replaceAll("\n", "\r\n"))
  expect((await generate("--prompt", "copy.txt")).json).toMatchObject({ trajectories: 3, reused: 1 })
  const other = await generate()
  expect([other.code, other.stderr]).toEqual([
    2,
    expect.stringMatching(
      /its questions were asked by the prompt template \S+\.txt \(\w{8}\) and are asked by the benchmark's own wording now\. Give another/,
    ),
  ])
  writeFileSync(join(directory, "terse.txt"), `${wording}Go.\n`)
  expect((await generate("--prompt", "terse.txt")).stderr).toMatch(/and are asked by the prompt template terse\.txt/)
  expect((await generate("--prompt", "copy.txt", "--shots", "1")).stderr).toMatch(/and have 1 worked example now/)
  writeFileSync(join(directory, "terse.txt"), wording)
  expect(lines("run/trajectories.jsonl").map(({ prompt }) => turns(prompt)[0])).toEqual(
    Array(3).fill("system: Use calculator."),
  )
}, 60_000)

test("another wording makes other trajectories, and no wording the same as ever", async () => {
  const idsIn = async (run: string, ...more: string[]): Promise<string[]> => {
    const model = ["--model", "script:script.jsonl"]
    const { json } = await swirl("eval", "gsm8k", "--data", "data", "--run", run, ...model, ...more, "--json")
    return lines(json.cells[0].file).map(({ trajectoryId }) => trajectoryId)
  }
  const [plain, again, terse, shots] = await Promise.all([
    idsIn("a"),
    idsIn("b"),
    idsIn("c", "--prompt", "terse.txt"),
    idsIn("d", "--shots", "1"),
  ])
  expect(again).toEqual(plain)
  expect(new Set([...plain!, ...terse!, ...shots!]).size).toBe(9)
}, 120_000)

test("a template that cannot be used is said before anything is asked", async () => {
  writeFileSync(join(directory, "broken.txt"), "{{qestion}}")
  const { code, stderr } = await swirl("eval", "gsm8k", "--data", "data", "--run", "no", "--prompt", "broken.txt")
  expect([code, stderr]).toEqual([2, expect.stringMatching(/^The prompt template broken\.txt, line 1: there is no/)])
}, 60_000)
