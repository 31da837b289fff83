/**
 * What asking by several prompts gave, a line a question, so that every figure can be recomputed without the trajectories:
 * `{ measured, rows: [{ name, prompt, questions: [...] }] }`.
 */
import { readFileSync } from "node:fs"
import type { EvalSample, Trajectory } from "@swirl-ts/core"

/** One question, asked by one prompt. */
export interface AskedOnce {
  id: string
  steps: number
  /** Of the steps: calls and answers that could be read. */
  wellFormed: number
  /** Of the steps: ended by the token limit. */
  cutOff: number
  firstWellFormed: boolean
  answered: boolean
  /** The benchmark's primary metric. */
  score: number
  goldStepRecall?: number
  inputTokens: number
  outputTokens: number
}

export interface MeasuredPrompt {
  name: string
  /** The flags of `swirl eval` that made it. */
  flags: readonly string[]
  /** The template, as it was. */
  prompt?: { file: string; digest: string; text: string }
  /** What an answer is scored by. */
  metric: string
  /** Of this run of the command; a run that went on took longer in all. */
  seconds: number
  questions: readonly AskedOnce[]
}

export interface PromptRecord {
  schema: "swirl.prompts/1"
  benchmark: string
  split: string
  model: string
  /** Beside the flags of a row, those of all rows. */
  flags: readonly string[]
  measured: { date: string; machine: string; gitRevision?: string }
  rows: readonly MeasuredPrompt[]
}

export const readRecord = (path: string): PromptRecord => JSON.parse(readFileSync(path, "utf8")) as PromptRecord

/** Undefined where the question ended in an error, or its answer has no score. */
export function askedOnce(sample: EvalSample, { steps, usage, status }: Trajectory): AskedOnce | undefined {
  if (sample.status !== "scored" && sample.status !== "limit") return undefined
  const wellFormed = steps.map((step) => step.kind !== "malformed")
  return {
    id: sample.taskId,
    steps: steps.length,
    wellFormed: wellFormed.filter(Boolean).length,
    cutOff: steps.filter((step) => step.finishReason === "length").length,
    firstWellFormed: wellFormed[0] ?? false,
    answered: status === "answered",
    score: sample.metrics[sample.primaryMetric!]!,
    goldStepRecall: sample.metrics.gold_step_recall,
    ...usage,
  }
}
