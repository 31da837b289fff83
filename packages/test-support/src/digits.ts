/** A benchmark for tests of what is built around one: no tools, one step, and questions that a digit answers. */
import { type PlainBenchmark, type Task, type Trajectory, userMessage } from "@swirl-ts/core"
import { trajectory } from "./conversation.ts"

/** Task `i` asks `which is i ?`, and `i` is right. */
export const digitTasks = (...digits: readonly number[]): Task[] =>
  digits.map((digit) => ({ id: `${digit}`, question: `which is ${digit} ?`, answer: `${digit}` }))

export const digitsBenchmark = (
  tasks: () => Iterable<Task>,
  {
    score = (task, answer) => ({ accuracy: answer === task.answer ? 1 : 0 }),
  }: Partial<Pick<PlainBenchmark, "score">> = {},
): PlainBenchmark => ({
  description: "",
  splits: ["train"],
  tools: [],
  limits: { toolCalls: 1, steps: 1, stepTokens: 9, trajectoryTokens: 99 },
  primaryMetric: "accuracy",
  async *load() {
    yield* tasks()
  },
  prompt: ({ question }) => [userMessage(question)],
  score,
})

/** Task `digit` of `kit/digits/train`, answered in one step. */
export const digitTrajectory = (digit: number | string, answer = `${digit}`): Trajectory => ({
  ...trajectory(`t${digit}`, `which is ${digit} ?`, [[`=${answer}`]]),
  taskId: `${digit}`,
  benchmark: "kit/digits",
  split: "train",
  answer,
})
