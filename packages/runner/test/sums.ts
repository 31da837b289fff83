/** A small benchmark of sums, a calculator, and models that add or draw words. */
import { join } from "node:path"
import {
  type Benchmark,
  type ConversationTokens,
  type GenerateOptions,
  instructions,
  type LanguageModel,
  messageText,
  random,
  seedFrom,
  type Task,
  type Tool,
  type Trajectory,
  userMessage,
} from "@swirl-ts/core"
import { type FakeModel, fakeModel } from "@swirl-ts/test-support"
import { z } from "zod"
import { tags } from "../src/format-tags.ts"
import type { TrajectorySettings } from "../src/trajectory.ts"

export const calculator: Tool<{ expression: string }> = {
  description: "Adds two numbers.",
  inputSchema: z.object({ expression: z.string() }),
  tag: { name: "math_exp", argument: "expression" },
  execute: ({ expression }) => {
    const [a, b] = expression.split("+").map(Number)
    if (a === undefined || b === undefined || Number.isNaN(a + b)) throw new Error("cannot read the expression")
    return String(a + b)
  },
}

/** Tasks `test/0`, `test/1`, …: what is i + 1? */
export function makeTasks(count: number): Task[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `test/${index}`,
    question: `what is ${index} + 1 ?`,
    answer: String(index + 1),
  }))
}

export const benchmark: Benchmark = {
  description: "Sums.",
  splits: ["test"],
  tools: [{ name: "calculator" }],
  limits: { toolCalls: 2, steps: 5, stepTokens: 50, trajectoryTokens: 2000 },
  async *load() {
    yield* makeTasks(3)
  },
  prompt: (task, context) => [userMessage(instructions(task.question, "A number.", context))],
  score: (task, answer) => ({ accuracy: answer === task.answer ? 1 : 0 }),
  primaryMetric: "accuracy",
}

export const call = (expression: string): string => `next <math_exp> ${expression} </math_exp>`
export const answer = (text: string): string => `so <answer> ${text} </answer>`

/** Calls the calculator once, then answers with its result. */
export const honest = ({ prompt }: GenerateOptions): string => {
  const last = messageText(prompt.at(-1)!)
  const result = /^[^\n]* -> ([^\n]*)$/.exec(last)?.[1]
  return result === undefined ? call(/what is (\S+ \+ \S+) \?/.exec(last)![1]!) : answer(result)
}

export function settings(model: LanguageModel, more: Partial<TrajectorySettings> = {}): TrajectorySettings {
  return {
    benchmark: { value: benchmark, fullName: "bench-sums/sums", split: "test" },
    model,
    tools: { calculator },
    format: tags,
    seed: 7,
    policy: "fake-00000000",
    ...more,
  }
}

const endOfTurn = 1
const opening = 2

/** A word-level codec that counts what it encodes; a word's id is its hash. */
export function countingTokens(): ConversationTokens & { encoded: string[]; ids(text: string): number[] } {
  const words = new Map<number, string>()
  const ids = (text: string): number[] =>
    text
      .split(/\s+/)
      .filter(Boolean)
      .map((word) => {
        const id = 10 + (seedFrom(word) % 1_000_000)
        words.set(id, word)
        return id
      })
  const encoded: string[] = []
  const encode = (text: string): number[] => {
    encoded.push(text)
    return ids(text)
  }
  return {
    encoded,
    ids,
    start: (prompt) => [...prompt.flatMap((message) => encode(messageText(message))), opening],
    continue: (turns, finishReason) => [
      ...(finishReason === "length" ? [endOfTurn] : []),
      ...turns.flatMap((message) => encode(messageText(message))),
      opening,
    ],
    decode: (tokens) => tokens.flatMap((id) => words.get(id) ?? []).join(" "),
  }
}

/** A token model: its text is a function of the seed and of how often it was called for this conversation. */
export function tokenModel(
  write: (options: GenerateOptions, seed: number) => { text: string; cut?: boolean },
  tokens = countingTokens(),
): FakeModel & { conversation: ReturnType<typeof countingTokens>; seen: number[][] } {
  const seen: number[][] = []
  const base = fakeModel((options) => {
    const swirl = options.providerOptions?.swirl as { promptTokenIds: number[]; seed: number }
    seen.push(swirl.promptTokenIds)
    const { text, cut = false } = write(options, swirl.seed)
    const tokenIds = [...tokens.ids(text), ...(cut ? [] : [endOfTurn])]
    const draw = random(swirl.seed)
    return {
      content: [{ type: "text", text }],
      finishReason: cut ? "length" : "stop",
      providerMetadata: {
        swirl: {
          promptTokenIds: swirl.promptTokenIds,
          tokenIds,
          logProbabilities: tokenIds.map(() => -draw.next()),
          finishReason: cut ? "length" : "stop",
        },
      },
    }
  })
  return Object.assign(base, { conversation: tokens, seen })
}

export function rolloutPaths(folder: string): { trajectories: string; responses: string; attempts: string } {
  const at = (name: string): string => join(folder, `${name}.jsonl`)
  return { trajectories: at("trajectories"), responses: at("responses"), attempts: at("attempts") }
}

export function byTask(trajectories: readonly Trajectory[]): Trajectory[] {
  return [...trajectories].sort((a, b) => (a.taskId < b.taskId ? -1 : a.taskId > b.taskId ? 1 : a.epoch - b.epoch))
}
