/** An Algorithm improves a policy on recorded trajectories. What it needs from other rooms is handed to it as functions. */
import type { MetricRecord, Trajectory } from "../records/records.ts"
import type { ActionFormat } from "./action.ts"
import type { Engine } from "./engine.ts"
import type { JudgeInput, JudgeVerdict } from "./judge.ts"
import type { LanguageModel } from "./model.ts"
import type { NamedTool } from "./tool.ts"

/** One action to judge at a recorded state. The wiring hands the task to oracle judges only. */
export interface JudgeRequest {
  input: JudgeInput
  taskId: string
  /** Full name; with the split it says which benchmark's task is meant: other benchmarks may have one of the same id. */
  benchmark: string
  split: string
}

/** Fresh roll-outs of the live policy on tasks it is not trained on. */
export interface RolloutSummary {
  trajectories: number
  accuracy: number
  /** Share of steps the training judge calls good. */
  goodSteps: number
  /** Share of steps that could not be read. */
  malformed: number
  /** Share of steps that call a tool. */
  toolCalls: number
  meanSteps: number
  /** Share of trajectories that ended with an answer. */
  answered?: number
}

export interface TrainingContext {
  engine: Engine
  /** The kept trajectories: the states the policy is trained at. */
  trajectories: readonly Trajectory[]
  format: ActionFormat
  tools: readonly NamedTool[]
  /** The most sampled tokens a step that every benchmark of the trajectories allows. */
  stepTokens?: number
  judge(requests: readonly JudgeRequest[]): Promise<JudgeVerdict[]>
  /** Absent: no fresh roll-outs are made, and what needs them is reported as missing. */
  rollout?(model: LanguageModel, options: { step: number; seed: number }): Promise<RolloutSummary>
  /** The training's own folder: `metrics.jsonl`, `checkpoints/<n>/`, `training.json`. */
  directory: string
  seed: number
  /** Algorithm-specific; the algorithm validates them. */
  options: Readonly<Record<string, unknown>>
  /** `steps`: how many the training has in all, where that is known. */
  onMetric?(metric: MetricRecord, of?: { steps: number }): void
  abortSignal?: AbortSignal
}

export interface TrainingResult {
  /** Hugging Face layout; `local:<checkpoint>` opens it. */
  checkpoint: string
  steps: number
  alarms: { step: number; kind: string; message: string }[]
}

export interface Algorithm {
  description: string
  /** Options that say how much is done, e.g. `iterations`: with these changed, a training goes on. */
  amounts?: readonly string[]
  train(context: TrainingContext): Promise<TrainingResult>
  /** Throws for options that `train` would not take: asked before work is planned with them. */
  checkOptions?(options: Readonly<Record<string, unknown>>): void
  /** One state, its actions, verdicts, advantages, token mask and loss, as text a person can check by hand. */
  dryRun?(context: TrainingContext): Promise<{ text: string; data: unknown }>
}
