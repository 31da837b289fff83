import { createRegistry, messageText } from "@swirl-ts/core"
import { promptContext, temporaryFolder, testHost } from "@swirl-ts/test-support"
import { expect, test } from "vitest"
import { createBenchmark, createLargeBenchmark, type GsmLargeTask, gsm8k } from "../index.ts"

const row = (question: string, answer: string) => JSON.stringify({ question, answer })
const figs = (name: string) =>
  row(`${name} has 60 figs and eats 15. How many has ${name}?`, "60-15=<<60-15=45>>45 figs\n#### 45")
const rounded = row("Ed shares 10 figs by 6. How many?", "10/6=<<10/6=1.67>>1.67\n#### 2")
const folder = temporaryFolder({
  "train.jsonl": [figs("Flo"), rounded, figs("Gus")].join("\n"),
  "test.jsonl": [rounded, figs("Ed"), row("No notes?", "#### 2")].join("\n"),
})

async function load(split: string, options: { shots?: number; largeSeed?: number; limit?: number } = {}) {
  const lines: string[] = []
  const { limit, ...own } = options
  const tasks: GsmLargeTask[] = []
  const host = testHost({ log: (line: string) => lines.push(line) })
  for await (const task of createLargeBenchmark(own).load(split, { host, dataPath: folder, limit })) tasks.push(task)
  return { tasks, lines }
}

test("tasks keep the row of GSM8K's file in their ids; what is left out is said by reason once all is read", async () => {
  const { tasks, lines } = await load("test")
  expect(tasks.map(({ id }) => id)).toEqual(["test/1"])
  expect(lines).toEqual([
    "gsm-large/test: 1 of GSM8K's 3 questions are taken. Left out: 1 a calculation does not give the result noted (it is rounded or wrong); 1 no calculation is annotated.",
  ])
  expect((await load("train", { limit: 1 })).lines).toEqual([])
})

test("another seed asks with other numbers, of the same questions", async () => {
  const [a, again, b] = [await load("test"), await load("test"), await load("test", { largeSeed: 1 })]
  expect(again.tasks).toEqual(a.tasks)
  expect(b.tasks[0]!.question).not.toBe(a.tasks[0]!.question)
  expect(b.tasks[0]!.madeFrom).toBe(a.tasks[0]!.madeFrom)
})

test("it is asked and scored as GSM8K is, and worked examples have large numbers too", async () => {
  const { tasks } = await load("test", { shots: 2 })
  const [task] = tasks
  const benchmark = createLargeBenchmark({ shots: 2 })
  const turns = benchmark.prompt(task!, promptContext("tags", benchmark.limits, ["calculator"]))
  const text = turns.map((turn) => messageText(turn)).join("\n")
  expect(text).toContain("Flo has")
  expect(text).not.toMatch(/\b(60|15|45)\b/)
  const { score, ...gsm8kOnly } = createBenchmark()
  expect(benchmark.score(task!, task!.answer)).toEqual({ accuracy: 1, official: 1 })
  expect(benchmark.score(task!, "45")).toEqual(score(task!, "45"))
  expect([benchmark.limits, benchmark.tools]).toEqual([gsm8kOnly.limits, gsm8kOnly.tools])
})

test("gold steps are the large results; a number that differs in its last digit is another", async () => {
  const [task] = (await load("test")).tasks
  const { goldSteps } = createLargeBenchmark()
  expect(goldSteps!(task!).map(({ text }) => text)).toEqual([task!.answer])
  const [step] = goldSteps!({ ...task!, solution: "<<999999*999999=999998000001>>\n#### 999998000001" })
  const seen = (text: string) => step!.seenIn({ tool: "calculator", text, isError: false })
  expect([seen("999998000001.0"), seen("999998000002.0")]).toEqual([true, false])
})

test("it shares GSM8K's questions: a source, and the question each is made from", async () => {
  const [task] = (await load("test")).tasks
  const { sources, leaks, splits } = createRegistry([gsm8k()]).resolve("benchmarks", "gsm-large").value
  expect([sources, splits]).toEqual([["GSM8K"], ["train", "test"]])
  expect(leaks!.subQuestions!(task!)).toEqual(["Ed has 60 figs and eats 15. How many has Ed?"])
})

test("a split that it has not is refused by its own name", async () => {
  await expect(load("test-socratic")).rejects.toThrow(/gsm-large has no split "test-socratic"/)
})
