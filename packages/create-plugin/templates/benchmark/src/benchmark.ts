/** Five word problems as a benchmark. Tools are asked for by name: whoever offers a `calculator`, this plugin does not import it. */
import type { Benchmark } from "@swirl-ts/core"
import { prompt } from "./prompt.ts"
import { score } from "./score.ts"
import { tasks, type WordProblem } from "./tasks.ts"

export const wordProblems: Benchmark<WordProblem> = {
  description: "five word problems that a calculator helps with",
  splits: ["test"],
  tools: [{ name: "calculator" }],
  limits: { toolCalls: 3, steps: 5, stepTokens: 256, trajectoryTokens: 4000 },
  primaryMetric: "accuracy",
  async *load(_split, { limit }) {
    yield* tasks.slice(0, limit)
  },
  prompt,
  score: ({ answer: reference }, answer) => score(reference, answer),
}
