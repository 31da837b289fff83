/** The Benchmark contract: tasks, first prompts, tools, limits, and the official score. */
import type { Prompt } from "../prompts/prompt.ts"
import type { ActionFormat } from "./action.ts"
import type { Corpus } from "./corpus.ts"
import type { GoldStep } from "./gold-step.ts"
import type { Metrics } from "./metrics.ts"
import type { Host } from "./model.ts"
import type { NamedTool } from "./tool.ts"

/** A task as a benchmark yields it; benchmarks extend it with their own fields. */
export interface Task {
  /** Unique within the benchmark, stable across runs, e.g. `test/17`. */
  id: string
  question: string
  /** The reference answer as text; absent where it is hidden. */
  answer?: string
  /** Every answer that counts as right, for who judges answers; default: `answer` alone. */
  acceptedAnswers?: readonly string[]
}

export interface Limits {
  /** Tool calls; one answer step may follow (METHOD 1). */
  toolCalls: number
  /** All steps, malformed ones included. */
  steps: number
  /** Sampled tokens a step. */
  stepTokens: number
  /** Sampled and context tokens of a whole trajectory. */
  trajectoryTokens: number
}

export interface LoadOptions {
  host: Host
  /** `--data PATH`: the benchmark's file, in place of a download. */
  dataPath?: string
  limit?: number
  seed?: number
}

export interface PromptContext {
  format: ActionFormat
  tools: readonly NamedTool[]
  limits: Limits
}

export interface PublishedNumber {
  what: string
  metric: string
  value: number
  citation: string
}

/** What `swirl score` prints: metrics under the official script's own names, in the official order. */
export interface ScoreReport {
  metrics: Metrics
  items: { id: string; metrics: Metrics }[]
  /** What a reader of the metrics should know, e.g. that questions have no prediction; a sentence each. */
  notes?: string[]
}

// Tasks are handed back only to the benchmark that made them.
export interface Benchmark<T extends Task = Task> {
  description: string
  license?: string
  splits: readonly string[]
  /** The split whose references are public, which evaluation takes unless told otherwise. Default `test`. */
  evaluationSplit?: string
  /** Tools by registry name, with this benchmark's options for them. */
  tools: readonly { name: string; options?: Readonly<Record<string, unknown>> }[]
  limits: Limits
  /** What answers a malformed turn; default: the reason, and how to act in the action format. */
  malformedReply?: string
  /** Streams the tasks of a split; stops after `limit`. */
  load(split: string, options: LoadOptions): AsyncIterable<T>
  prompt(task: T, context: PromptContext): Prompt
  /** Passages to search: the same id for every task where there is one corpus a dataset. */
  corpus?(task: T): Corpus
  /** Titles of the passages that hold the answer's facts, to evaluate retrieval by; only where they are known. */
  goldTitles?(task: T): readonly string[]
  /** Metrics of one answer; `undefined` (no answer) is scored as wrong. */
  score(task: T, answer: string | undefined): Metrics
  /** The metric in [0, 1] that matrix and comparisons use. */
  primaryMetric: string
  /** Metrics of many samples; default: the mean of each. */
  aggregate?(samples: readonly Metrics[]): Metrics
  references?: readonly PublishedNumber[]
  /** What a good trajectory meets on its way, for gold-step recall; empty where nothing is known. */
  goldSteps?(task: T): readonly GoldStep[]
  /** The official scorer on the official files' contents. */
  scoreFiles?(gold: string, predictions: string): ScoreReport
  /** Files made from the benchmark's own, by name: the lines to write. They are never called the benchmark's data. */
  derived?: Readonly<Record<string, (split: string, options: LoadOptions) => AsyncIterable<string>>>
  /** Downloads the files of the benchmark and returns where they are. */
  fetch?(host: Host): Promise<{ files: string[] }>
}
