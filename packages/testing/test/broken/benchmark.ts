import { type Benchmark, random, type Task, userMessage } from "@swirl-ts/core"
import { type BenchmarkChecks, benchmarkChecks } from "../../src/index.ts"
import { brokenExamples } from "./broken.ts"

interface Sum extends Task {
  answer: string
}

function* sums(count: number, seed = 1): Generator<Sum> {
  const { integer } = random(seed)
  for (let row = 0; row < count; row++) {
    const [a, b] = [integer(2, 90), integer(2, 90)]
    yield { id: `test/${row}`, question: `What is ${a} + ${b}?`, answer: String(a + b) }
  }
}

const sound: Benchmark<Sum> = {
  description: "Sums of two numbers.",
  splits: ["test"],
  tools: [{ name: "calculator" }],
  limits: { toolCalls: 2, steps: 3, stepTokens: 32, trajectoryTokens: 512 },
  async *load(_split, { limit = 30 }) {
    yield* sums(limit)
  },
  prompt: ({ question }, { format, tools }) => [userMessage(`${format.describe(tools)}\nQuestion: ${question}`)],
  score: (task, answer) => ({ accuracy: answer?.trim() === task.answer ? 1 : 0 }),
  primaryMetric: "accuracy",
  corpus: () => ({ id: "sums", passages: () => [{ title: "Sum", text: "A sum is what adding gives." }] }),
}
let loads = 0
let prompts = 0

export const benchmark = brokenExamples<Benchmark<Sum>, BenchmarkChecks<Sum>>("benchmark", benchmarkChecks, [sound], {
  "is a benchmark that can be loaded": [{ ...sound, description: "" }],
  "loads every split": [
    {
      ...sound,
      splits: ["test", "train"],
      async *load(split, { limit = 30 }) {
        if (split === "test") yield* sums(limit)
      },
    },
  ],
  "gives every task an id of its own and a question": [
    {
      ...sound,
      async *load(_split, { limit = 30 }) {
        for (const task of sums(limit)) yield { ...task, id: "test/0" }
      },
    },
  ],
  "gives the same tasks each time": [
    {
      ...sound,
      async *load(_split, { limit = 30 }) {
        yield* sums(limit, loads++)
      },
    },
  ],
  "reads no further than its limit": [
    {
      ...sound,
      async *load(_split, { limit = 30 }) {
        for (const task of sums(limit)) yield { ...task, id: `${task.id} of ${limit}` }
      },
    },
  ],
  "leaves its tasks as they are": [
    {
      ...sound,
      score: (task, answer) => {
        const accuracy = answer?.trim() === task.answer ? 1 : 0
        Object.assign(task, { scored: true })
        return { accuracy }
      },
    },
  ],
  "asks its questions in messages, the same each time": [
    {
      ...sound,
      // Another the first times, and then no more: only the check that compares them finds it.
      prompt: ({ id, question }) => {
        if (id === "test/0") prompts = Math.min(prompts + 1, 3)
        return [userMessage(`${question} (${id === "test/0" ? prompts : 0})`)]
      },
    },
  ],
  "shows no answer in its prompts": [
    { ...sound, prompt: ({ question, answer }) => [userMessage(`${question} (not ${Number(answer) + 1})`)] },
  ],
  "scores the gold answer 1": [{ ...sound, score: (task, answer) => ({ accuracy: answer === task.answer ? 0.5 : 0 }) }],
  "scores no answer 0": [
    { ...sound, score: (task, answer) => ({ accuracy: answer === undefined || answer === task.answer ? 1 : 0 }) },
  ],
  "scores whatever it is answered by numbers in [0, 1]": [
    {
      ...sound,
      score: (task, answer) => ({ accuracy: answer === "NaN" ? Number(answer) : answer === task.answer ? 1 : 0 }),
    },
  ],
  "gives passages that can be searched": [
    { ...sound, corpus: () => ({ id: "sums", passages: () => [{ title: "Sum" } as never] }) },
  ],
})
