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

/** Tasks one after another: an async generator's, or a list. */
export type Tasks<T extends Task = Task> = AsyncIterable<T> | Iterable<T>

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
  /** Worked examples before each question, at most `mostShots`; absent: as many as the benchmark's own options say. */
  shots?: number
  /** Ends the reading, downloads with it. */
  abortSignal?: AbortSignal
}

export interface ScoreOptions {
  /** Ends the scoring: the command was stopped, or the answer's time is over. */
  abortSignal?: AbortSignal
}

export interface PromptContext {
  format: ActionFormat
  tools: readonly NamedTool[]
  limits: Limits
  /**
   * A user's own wording, which `instructions` and `promptWithExamples` ask for: the turn that asks a question, `earlier` of
   * them having been asked before it, `examples` being shown in all. Undefined: in the default's words.
   */
  wording?(asked: { question: string; answerHint: string; earlier: number; examples?: number }): string | undefined
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

/** The files in which a benchmark is published, for `swirl data` and `swirl score`. */
export interface OfficialFiles {
  /** Downloads them, every split's, and returns where they are. */
  fetch?(host: Host, options?: { abortSignal?: AbortSignal }): Promise<{ files: string[] }>
  /** The official scorer, on the contents of a gold file and a predictions file. */
  score?(gold: string, predictions: string): ScoreReport
  /** Files made from them, by name: the lines to write. They are never called the benchmark's data. */
  derived?: Readonly<Record<string, (split: string, options: LoadOptions) => AsyncIterable<string>>>
}

/** What a benchmark knows of the passages its questions need, to evaluate retrieval by. */
export interface RetrievalReferences<T extends Task = Task> {
  /** Titles of the passages that hold the answer's facts; empty where they are not known. */
  goldTitles(task: T): readonly string[]
}

/** What a benchmark knows of its questions beside their texts, for who looks whether one was seen before it is asked. */
export interface LeakFacts<T extends Task = Task> {
  /** Questions on the way to the answer, or that it was made from, each to be understood alone. */
  subQuestions?(task: T): readonly string[]
  /** The questions that its prompt shows worked. */
  workedExamples?(task: T): readonly string[]
  /** A program puts its questions together: long phrases that two of them share are no sign that one was copied. */
  isGenerated?: boolean
}

/**
 * What every benchmark has comes first, and is all that a minimal one needs; then what only some have. Tasks are handed
 * back only to the benchmark that made them.
 */
export interface Benchmark<T extends Task = Task> {
  description: string
  splits: readonly string[]
  /** Tools by registry name, with this benchmark's options for them. */
  tools: readonly { name: string; options?: Readonly<Record<string, unknown>> }[]
  limits: Limits
  /** The tasks of a split, best one after another as they are read; no more than `limit` are taken, and reading is ended then. */
  load(split: string, options: LoadOptions): Tasks<T> | Promise<Tasks<T>>
  prompt(task: T, context: PromptContext): Prompt
  /** Metrics of one answer, at once or later; `undefined` (no answer) is scored as wrong. */
  score(task: T, answer: string | undefined, options?: ScoreOptions): Metrics | Promise<Metrics>
  /** The one of them, in [0, 1], that matrix and comparisons use. */
  primaryMetric: string

  /** Milliseconds that scoring an answer may take before it counts as unscored. Default: two minutes. */
  scoreTimeout?: number
  license?: string
  /** The split whose references are public, which evaluation takes unless told otherwise. Default `test`. */
  evaluationSplit?: string
  /** Passages to search: the same id for every task where there is one corpus a dataset. */
  corpus?(task: T): Corpus
  /**
   * What an answer says, in one spelling, by the normalisation that `score` compares by: two answers with the same are the
   * same answer. Undefined for one that says nothing. It knows no task and no reference.
   */
  answerKey?(answer: string): string | undefined
  /** Metrics of many samples; default: the mean of each. */
  aggregate?(samples: readonly Metrics[]): Metrics
  /** What a good trajectory meets on its way, for gold-step recall; empty where nothing is known. */
  goldSteps?(task: T): readonly GoldStep[]
  references?: readonly PublishedNumber[]
  /**
   * Data sets that its questions come from, by their usual names (`HotpotQA`, `SQuAD`); case does not matter. A benchmark that
   * shares one with what was trained on is of the same family, and no proof of transfer.
   */
  sources?: readonly string[]
  /** Options for judges of steps, by judge name, e.g. the words its questions are made of; a command's own go first. */
  judgeOptions?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  /** The most worked examples that its prompt can show (`LoadOptions.shots`); absent: it has none. */
  mostShots?: number
  /** What answers a malformed turn, for a policy with a vocabulary of its own; default: the reason, and how to act. */
  malformedReply?: string
  retrieval?: RetrievalReferences<T>
  leaks?: LeakFacts<T>
  files?: OfficialFiles
  /**
   * Every file that `load` and `corpus` read for a split; none where they read nothing. Where these are as they were, a command
   * that has finished is not looked through again. Absent, or undefined: nobody knows, and tasks are always read.
   */
  filesRead?(split: string, options: LoadOptions): Promise<readonly string[] | undefined>
}

/** A benchmark that streams its tasks and scores at once, as most do: who calls it by hand, in a test, need not wait. */
export interface PlainBenchmark<T extends Task = Task> extends Benchmark<T> {
  load(split: string, options: LoadOptions): AsyncIterable<T>
  score(task: T, answer: string | undefined): Metrics
}
