/** An evaluation of one cell, as it is asked for, and as it is told when it is done. */
import type {
  LeakCounts,
  LeakMode,
  Limits,
  MadeBy,
  Metrics,
  Prompting,
  Reasons,
  Temperature,
  ToolSummary,
} from "@swirl-ts/core"
import type { OpenOutcomeJudge } from "../judge/open-judge.ts"
import type { JudgedAccuracy } from "../judge/outcomes.ts"
import type { Provenance } from "../provenance/plan-rollout.ts"
import type { TaskSelection } from "../rollouts.ts"
import type { CellCoverage } from "./coverage-record.ts"

export interface EvaluateRequest extends TaskSelection {
  benchmark: string
  model: string
  /** Default: greedy; or, where the model takes no temperature but its own, none. */
  temperature?: Temperature
  actionFormat: string
  /** Samples a task. */
  epochs: number
  /** In place of the benchmark's own way of asking. */
  prompting?: Prompting
  /** In place of the benchmark's own. */
  limits?: Partial<Limits>
  /** `none`: the model gets no tool, and is asked to think aloud: chain of thought. Default: the benchmark's. */
  tools?: "none"
  /** Judges the final answers, too; the caller closes it. */
  outcomes?: OpenOutcomeJudge
  /** What becomes of questions that the policy has seen. Default: `refuse`. */
  leak?: LeakMode
}

export interface CellEvaluation extends ToolSummary {
  benchmark: string
  split: string
  policy: string
  /** The metric that accuracy means. */
  metric: string
  accuracy?: number
  ci?: [number, number]
  /** Samples with a score. */
  n: number
  /** Questions that these are of: the sample of `ci`. */
  questions: number
  metrics: Metrics
  /** Of metrics that only some samples have, how many: their means are over these. */
  metricSamples?: Record<string, number>
  samples: number
  answered: number
  /** Ended at a limit without an answer: scored as wrong. */
  limit: number
  errors: number
  unscored: number
  /** Turns of the model that were answered before, from the cache or a recording: nothing was spent on them. */
  cached?: number
  /** Questions that the policy has seen, or what has to do with them; absent where there is none. By kind in `leaks`. */
  leaked?: number
  leaks?: LeakCounts
  /** Questions of which nobody looked whether the policy has seen them; absent where there is none. */
  unguarded?: number
  /** Where the samples with a score are of several texts of a plugin, or of several versions. */
  madeBy?: MadeBy
  /** Why samples have no score (the first line of the reason), with how often. */
  reasons: Reasons
  /** By an outcome judge where one is set: beside the official metrics, never one of them. */
  judged?: JudgedAccuracy
  /** Where the benchmark knows its gold passages and has a corpus. */
  coverage?: CellCoverage
  file: string
  /** What the number stands for: digests of data, prompts and tools, versions, revision and machine. */
  provenance: Provenance
}
