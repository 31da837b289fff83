/** A tool and a benchmark that cost nothing, so that what is measured is the loop around them. */
import { type Benchmark, instructions, type Tool, userMessage } from "@swirl-ts/core"
import { z } from "zod"

export const echo: Tool<{ text: string }> = {
  description: "Says it again.",
  inputSchema: z.object({ text: z.string() }),
  execute: ({ text }) => text,
}
export const benchmark: Benchmark = {
  description: "Nothing to think about.",
  splits: ["test"],
  tools: [{ name: "echo" }],
  limits: { toolCalls: 5, steps: 10, stepTokens: 100, trajectoryTokens: 10_000 },
  async *load() {},
  prompt: (task, context) => [userMessage(instructions(task.question, "", context))],
  score: () => ({ accuracy: 1 }),
  primaryMetric: "accuracy",
}
