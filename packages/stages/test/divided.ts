/** A run that can be divided: a benchmark of towns, a model that is a function of prompt and seed, and judges. */
import { contentHash, createRegistry, definePlugin, defineTool, type Task, userMessage } from "@swirl-ts/core"
import { formats } from "@swirl-ts/runner"
import { fakeModel, testHost } from "@swirl-ts/test-support"
import { z } from "zod"
import type { StageContext } from "../src/context.ts"

export const world = {
  tasks: 22,
  fails: (_question: string): boolean => false,
  judged: 0,
  /** What the benchmark says that it reads. */
  files: undefined as string[] | undefined,
  /** How often its tasks were asked for. */
  loads: 0,
}

function tasks(split: string): Task[] {
  world.loads++
  return Array.from({ length: world.tasks }, (_, row) => ({
    id: `${split}/${row}`,
    question: `which town is number ${row} ?`,
    answer: `town ${row}`,
  }))
}

const benchmark = {
  description: "",
  splits: ["train", "test"],
  tools: [{ name: "look" }],
  limits: { toolCalls: 3, steps: 4, stepTokens: 50, trajectoryTokens: 999 },
  primaryMetric: "exact",
  load: tasks,
  filesRead: async () => world.files,
  prompt: ({ question }: Task) => [userMessage(question)],
  score: ({ answer }: Task, given: string | undefined) => ({ exact: given === answer ? 1 : 0 }),
}

/** One or two calls, then a right or a wrong answer, as prompt and seed have it. */
const model = fakeModel(({ prompt, seed = 0 }, step) => {
  const question = JSON.stringify(prompt[0])
  if (world.fails(question)) throw new Error("the server broke")
  const row = /number (\d+)/.exec(question)![1]
  const draw = Number.parseInt(contentHash([question, seed], 2), 16)
  if (step < 1 + (draw % 2)) return `<look>town ${row}</look>`
  return `<answer>town ${draw % 3 === 0 ? "none" : row}</answer>`
})

const plugin = definePlugin({
  meta: { name: "atlas", version: "1.0.0", apiVersion: 1 },
  tools: {
    look: defineTool({
      description: "Looks a town up.",
      tag: { name: "look", argument: "name" },
      inputSchema: z.object({ name: z.string() }),
      execute: ({ name }) => `${name} is there`,
    }),
  },
  benchmarks: { towns: benchmark, rivers: benchmark },
  models: { fake: { description: "", open: async () => ({ model, identity: "w", identityIsDigest: true }) } },
  judges: {
    /** Good is what most of the question's trajectories say. */
    votes: {
      description: "",
      needs: ["siblings"],
      create: ({ benchmark }) => ({
        identity: `votes ${benchmark}`,
        judge: ({ siblings = [] }) => {
          world.judged++
          const right = siblings.filter(({ answer }) => answer !== "town none").length
          return { verdict: right * 2 > siblings.length ? "good" : "bad", reason: `${right} of ${siblings.length}` }
        },
      }),
    },
  },
})

export const divided = (directory: string, more: Partial<StageContext> = {}): StageContext => ({
  registry: createRegistry([plugin, formats()]),
  host: testHost(),
  directory,
  seed: 7,
  concurrency: 1,
  ...more,
})

export const generation = {
  benchmarks: ["towns"],
  split: "train",
  model: "fake:w",
  samples: 2,
  temperature: 1,
  actionFormat: "tags",
}

export const evaluation = {
  benchmark: "towns",
  split: "test",
  model: "fake:w",
  temperature: 0,
  epochs: 1,
  actionFormat: "tags",
}
