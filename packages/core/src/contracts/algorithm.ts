/** An Algorithm improves a policy on recorded trajectories. What it needs from other rooms is handed to it as functions. */
import type { Trajectory } from "../records/records.ts"
import type { MetricRecord } from "../records/training-records.ts"
import type { ActionFormat } from "./action.ts"
import type { Engine, EngineFactory } from "./engine.ts"
import type { JudgeInput, JudgeVerdict } from "./judge.ts"
import type { LanguageModel } from "./model.ts"
import type { TaskReference } from "./task-reference.ts"
import type { NamedTool } from "./tool.ts"

/** One action to judge at a recorded state. The wiring hands the task to oracle judges only. */
export interface JudgeRequest {
  input: JudgeInput
  taskId: string
  /** Full name; with the split it says which benchmark's task is meant: other benchmarks may have one of the same id. */
  benchmark: string
  split: string
}

/** A fresh trajectory of the live policy, tools run and all. */
export interface Episode extends Trajectory {
  /** The benchmark's own score of its answer, in [0, 1]; undefined where there is none, which is no 0: scoring failed, or the episode ended in an error. */
  outcome?: number
}

/** Fresh roll-outs of the live policy on tasks it is not trained on. */
export interface RolloutSummary {
  trajectories: number
  accuracy: number
  /** Share of steps the training judge calls good; absent where it scored none, or could call none good. */
  goodSteps?: number
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
  /** Tasks that fresh episodes may be asked of, kept trajectories or not; absent: those of `trajectories`. */
  tasks?: readonly TaskReference[]
  /**
   * Fresh episodes of the engine's live weights at temperature 1, `samples` a task, in the order of the tasks. The same
   * weights and seed give the same episodes.
   */
  rollouts?(tasks: readonly TaskReference[], samples: number, seed: number): Promise<Episode[]>
  /** Those of fresh episodes that the training's own filter keeps, as it kept `trajectories`. Goes with `rollouts`. */
  keep?(episodes: readonly Episode[]): Promise<Episode[]>
  /** The reference answers of a task, the official one first. Given only to algorithms that say they need it: their trainings are marked `oracle`. */
  gold?(task: TaskReference): Promise<readonly string[]>
  /** The training's own folder: `metrics.jsonl`, `checkpoints/<n>/`, `training.json`. */
  directory: string
  seed: number
  /** Algorithm-specific; the algorithm validates them. */
  options: Readonly<Record<string, unknown>>
  /** `steps`: how many the training has in all, where that is known, or can be told by what it took so far. */
  onMetric?(metric: MetricRecord, of?: { steps: number }): void
  /** Says a line to whoever trains. */
  log?(line: string): void
  abortSignal?: AbortSignal
}

export interface TrainingResult {
  /** Hugging Face layout; `local:<checkpoint>` opens it. */
  checkpoint: string
  steps: number
  alarms: { step: number; kind: string; message: string }[]
  /** Where an alarm ended it: after which step, and of which step the checkpoint is. */
  stopped?: { step: number; checkpoint: number }
}

/** Optional parts of a training context that an algorithm cannot do without. */
export type AlgorithmNeed = "rollouts" | "gold"

export interface Algorithm {
  description: string
  /** What is missing of it is said before anything is generated. A training that was given `gold` is marked `oracle` in every table. */
  needs?: readonly AlgorithmNeed[]
  /** Options that say how much is done, e.g. `iterations`: with these changed, a training goes on. */
  amounts?: readonly string[]
  train(context: TrainingContext): Promise<TrainingResult>
  /** Throws for options that `train` would not take, or that ask for what the engine lacks: asked before work is planned with them. */
  checkOptions?(options: Readonly<Record<string, unknown>>, engine?: Pick<EngineFactory, "lacks">): void
  /** Every option with its default filled in, for engines that train by a loop of their own. Throws as `checkOptions`. */
  settings?(context: Pick<TrainingContext, "options" | "stepTokens">): Readonly<Record<string, unknown>>
  /** What the first update would be made of, as text a person can check by hand: actions, verdicts, advantages, tokens. It trains nothing and writes nothing. */
  dryRun?(context: TrainingContext): Promise<{ text: string; data: unknown }>
}
