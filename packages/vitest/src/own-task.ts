/** A question of a test as a benchmark of its own, with the tools that the test gives. */
import {
  type Benchmark,
  definePlugin,
  type GivenTool,
  instructions,
  type Metrics,
  type Plugin,
  type Task,
  userMessage,
} from "@swirl-ts/core"

export const ownBenchmark = "test/task"
export const ownSplit = "test"

export interface OwnTask {
  question: string
  /** Scored by equality, blanks at its ends aside; without one there is no score. */
  answer?: string
  /** By the names that the model sees. */
  tools?: Readonly<Record<string, GivenTool>>
  /** Names of loaded tools, e.g. `calculator`. */
  toolNames?: readonly string[]
  /** Said after the question. */
  request?: string
}

export function ownTask({ question, answer, tools = {}, toolNames = [], request = "" }: OwnTask): Plugin {
  const task: Task = { id: "task", question, ...(answer === undefined ? {} : { answer }) }
  const benchmark: Benchmark<Task> = {
    description: "one question of a test",
    splits: [ownSplit],
    primaryMetric: "exact",
    tools: [...Object.keys(tools), ...toolNames].map((name) => ({ name })),
    limits: { toolCalls: 10, steps: 12, stepTokens: 1024, trajectoryTokens: 32_768 },
    load: async function* () {
      yield task
    },
    prompt: (asked, context) => [userMessage(instructions(asked.question, request, context))],
    score: (_task, given): Metrics => (answer === undefined ? {} : { exact: given?.trim() === answer.trim() ? 1 : 0 }),
  }
  return definePlugin({
    meta: { name: "test", version: "0.0.0", apiVersion: 1 },
    tools: { ...tools },
    benchmarks: { task: benchmark },
  }) as Plugin
}
