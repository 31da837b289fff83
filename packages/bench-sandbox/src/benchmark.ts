/** The three benchmarks: the same streaming, prompts and scoring over different generators. */
import { type Benchmark, checkSplit, type PlainBenchmark } from "@swirl-ts/core"
import { sandboxTask } from "./generate.ts"
import { judgeOptions } from "./judge-options.ts"
import { promptOf } from "./prompt.ts"
import { isRight, normalised } from "./score.ts"
import type { Split } from "./splits.ts"
import { type Domain, goldStepsOf, type SandboxTask } from "./task.ts"
import { world } from "./world.ts"

interface Setting {
  description: string
  splits: readonly Split[]
  tools: Benchmark["tools"]
  toolCalls: number
}

const calculator = { name: "tools-calculator/calculator", options: { style: "plain" } }
const search = { name: "tools-search/search", options: { format: "text", count: 1, titleWeight: 2 } }

export const settings: Record<Domain, Setting> = {
  calc: {
    description: "Stories about counts that take two to four calculations.",
    splits: ["train", "development", "test", "test-new"],
    tools: [calculator],
    toolCalls: 7,
  },
  lookup: {
    description: "Chains of two to four facts in a small generated world of people, cities, companies and countries.",
    splits: ["train", "development", "test", "test-new"],
    tools: [search],
    toolCalls: 7,
  },
  mixed: {
    description: "Ages of two people found by search, then added or subtracted; for evaluation only.",
    splits: ["development", "test"],
    tools: [calculator, search],
    toolCalls: 9,
  },
}

/** How many tasks a split gives when no limit is asked for; there are as many as one likes. */
const defaultLimit = (split: string): number => (split === "train" ? 10_000 : 1_000)

export function createBenchmark(domain: Domain): PlainBenchmark<SandboxTask> {
  const { description, splits, tools, toolCalls } = settings[domain]
  return {
    description,
    splits,
    tools,
    limits: { toolCalls, steps: toolCalls + 1, stepTokens: 18, trajectoryTokens: 316 },
    async *load(split, { limit = defaultLimit(split) }) {
      checkSplit({ fullName: domain, value: { splits } }, split)
      for (let index = 0; index < limit; index++) yield sandboxTask(domain, split as Split, index)
    },
    filesRead: async () => [],
    prompt: promptOf,
    score: (task, answer) => ({ accuracy: isRight(task.answer, answer) ? 1 : 0 }),
    primaryMetric: "accuracy",

    license: "MIT (generated)",
    corpus: domain === "calc" ? undefined : (task) => world(task.world!).corpus,
    answerKey: (answer) => normalised(answer) || undefined,
    goldSteps: goldStepsOf,
    judgeOptions,
    leaks: { isGenerated: true },
    // Words that the embedded policy's tokenizer knows.
    malformedReply: "error : bad call .",
  }
}
