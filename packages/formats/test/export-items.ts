/** Items of exports made by hand: turns with the model's own tool calls, and a turn that could not be read. */
import { type Step, type Trajectory, userMessage } from "@swirl-ts/core"
import type { ExportItem } from "../src/exports/export-item.ts"

const call = (index: number, tool: string, input: unknown, text: string): Step => ({
  index,
  kind: "tool",
  text: index === 0 ? "Let me see." : "",
  reasoning: [{ text: "a thought" }],
  call: { tool, input, query: JSON.stringify(input) },
  observation: { text, isError: text.startsWith("error") },
  finishReason: "stop",
})

const calls: readonly Step[] = [
  call(0, "calculator", { expression: "2+2" }, "4"),
  call(1, "search", { query: "four", count: 3 }, "error: no index"),
]
const answer: Step = { index: 2, kind: "answer", text: "<answer>4</answer>", answer: "4", finishReason: "stop" }

export const trajectory = (
  steps: readonly Step[] = [...calls, answer],
  more: Partial<Trajectory> = {},
): Trajectory => ({
  schema: "swirl.trajectory/1",
  id: "abc",
  taskId: "t/1",
  benchmark: "kit/sums",
  split: "test-new",
  epoch: 0,
  seed: 7,
  policy: "model-1",
  actionFormat: "native",
  question: "2+2?",
  prompt: [{ role: "system", content: "Be brief." }, userMessage("2+2?")],
  steps: [...steps],
  answer: "4",
  status: "answered",
  usage: { inputTokens: 10, outputTokens: 5 },
  ...more,
})

export const tools: ExportItem["tools"] = [
  { type: "function", name: "calculator", description: "Sums.", inputSchema: { type: "object" } },
  { type: "function", name: "search", inputSchema: { type: "object" } },
]

export async function* each<T>(all: readonly T[]): AsyncGenerator<T> {
  yield* all
}
