/** The three benchmarks: the same streaming, prompts and scoring over different generators. */
import { type Benchmark, SwirlError, suggestion, userMessage } from "@swirl-ts/core"
import { sandboxTask } from "./generate.ts"
import { judgeOptions } from "./judge-options.ts"
import { isRight } from "./score.ts"
import type { Split } from "./splits.ts"
import type { Domain, SandboxTask } from "./task.ts"
import { world } from "./world.ts"

interface Setting {
  description: string
  /** What the prompt tells the model to use. */
  use: string
  splits: readonly Split[]
  tools: Benchmark["tools"]
  toolCalls: number
}

const calculator = { name: "calculator", options: { style: "plain" } }
const search = { name: "search", options: { format: "text", count: 1, titleWeight: 2 } }

export const settings: Record<Domain, Setting> = {
  calc: {
    description: "Stories about counts that take two to four calculations.",
    use: "calculator",
    splits: ["train", "development", "test", "test-new"],
    tools: [calculator],
    toolCalls: 7,
  },
  lookup: {
    description: "Chains of two to four facts in a small generated world of people, cities, companies and countries.",
    use: "search",
    splits: ["train", "development", "test", "test-new"],
    tools: [search],
    toolCalls: 7,
  },
  mixed: {
    description: "Ages of two people found by search, then added or subtracted; for evaluation only.",
    use: "both",
    splits: ["development", "test"],
    tools: [calculator, search],
    toolCalls: 9,
  },
}

/** The first user turn of a task. */
export const promptText = (task: Pick<SandboxTask, "domain" | "question">): string =>
  `use ${settings[task.domain].use} . ${task.question}`

/** How many tasks a split gives when no limit is asked for; there are as many as one likes. */
const defaultLimit = (split: string): number => (split === "train" ? 10_000 : 1_000)

export function createBenchmark(domain: Domain): Benchmark<SandboxTask> {
  const { description, splits, tools, toolCalls } = settings[domain]
  return {
    description,
    license: "MIT (generated)",
    splits,
    tools,
    limits: { toolCalls, steps: toolCalls + 1, stepTokens: 18, trajectoryTokens: 316 },
    async *load(split, { limit }) {
      if (!splits.includes(split as Split)) {
        throw new SwirlError(`The benchmark ${domain} has no split "${split}".${suggestion(split, splits)}`, {
          kind: "usage",
        })
      }
      const count = limit ?? defaultLimit(split)
      for (let index = 0; index < count; index++) yield sandboxTask(domain, split as Split, index)
    },
    judgeOptions,
    // Words that the embedded policy's tokenizer knows.
    malformedReply: "error : bad call .",
    prompt: (task) => [userMessage(promptText(task))],
    ...(domain === "calc"
      ? {}
      : {
          corpus: (task: SandboxTask) => world(task.world!).corpus,
        }),
    score: (task, answer) => ({ accuracy: isRight(task.answer, answer) ? 1 : 0 }),
    primaryMetric: "accuracy",
    goldSteps: (task) =>
      task.plan.map(({ result }) => ({
        metric: "gold_step_recall",
        text: result,
        seenIn: ({ text, isError }) => !isError && text.split(" ").includes(result),
      })),
  }
}
