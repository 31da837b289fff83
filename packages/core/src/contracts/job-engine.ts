/**
 * The JobEngine contract: training by somebody else's loop, as one job on other machines; and commands of swirl as jobs there. A
 * training samples nothing for us and gives no gradient back: steps go in, checkpoints come out. What it is asked twice is the
 * same job: it is attached to, not begun anew.
 */

import type { Prompt } from "../prompts/prompt.ts"
import type { MetricRecord } from "../records/training-records.ts"
import type { TrainingResult } from "./algorithm.ts"
import type { FunctionTool } from "./function-tool.ts"
import type { Host } from "./model.ts"

/** A recorded action and the state that it was taken in. */
export interface StepRow {
  /** Of the trajectory and the index: `rowId`. */
  id: string
  trajectoryId: string
  stepIndex: number
  /** Steps of the trajectory. */
  stepCount: number
  /** The state, as messages. */
  messages: Prompt
  /** The action, as the model wrote it, its thoughts aside. */
  action: string
  /** The exact ids of state and action, where they were recorded: with them nothing has to be tokenised again. */
  tokens?: { prompt: readonly number[]; action: readonly number[] }
}

/** The id of a step's row, by which a judge service finds the state again. */
export const rowId = (trajectoryId: string, stepIndex: number): string => `${trajectoryId}/${stepIndex}`

export interface TrainingJob {
  /** The same for the same training, whatever is asked of it and wherever its folder lies. */
  id: string
  /** For people. */
  name: string
  /** Model string of the policy that it starts from, and where its weights lie on this machine; absent with adapters on top. */
  policy: string
  policyDirectory?: string
  algorithm: string
  /** Every setting of the algorithm, defaults and all; the engine refuses those that it cannot keep. */
  settings: Readonly<Record<string, unknown>>
  seed: number
  /** Of the trajectories that were selected, in their order. */
  rows: readonly StepRow[]
  /** Tools that the model's own tool calling is told of; none where the action format writes them into the text. */
  tools: readonly FunctionTool[]
  /** Texts at which an action is interrupted; none where it ends by itself. */
  stopSequences: readonly string[]
  /** The training's own folder, to leave `metrics.jsonl` and `checkpoints/<n>/` (Hugging Face layout, or an adapter) in. */
  directory: string
  /**
   * Where fresh actions are judged (`swirl judge serve`), and the Python file that asks there. Where `isAttached`, it answers
   * as long as `train` runs, at an address of its own each time: a job that outlives its client waits for the next one. Given
   * to algorithms that judge.
   */
  judge?: { url: string; isAttached: boolean; pythonClient: string }
  /** Every record that is new in `metrics.jsonl`. */
  onMetric?(metric: MetricRecord, of?: { steps: number }): void
  /** Says a line to whoever trains. */
  log(line: string): void
  /** Lets go: the job goes on, and the same command attaches to it again. */
  abortSignal?: AbortSignal
}

/** A command of swirl that is run on a node of the cluster as a job of its own, e.g. one shard of a generation. */
export interface CommandJob {
  /** The same for the same work, so that it is found again. */
  id: string
  /** For people, e.g. `generate gsm8k 2/4`. */
  name: string
  /** What stands after `swirl`. No key is among them: a node has its own. */
  words: readonly string[]
  /** Where it is run: on storage that the node sees under the same path. */
  workingDirectory: string
  /** Its run folder, there as well; `run.json` stands in it once it has begun. */
  directory: string
  /** Says a line of it, or about it. */
  log(line: string): void
}

/** A command that did not end well: what happened, and what to do. */
export interface CommandFailure {
  /** Of the `CommandJob`. */
  id: string
  message: string
}

/** A training or a command that was submitted. */
export interface SubmittedJob {
  id: string
  /** Its name. */
  training: string
  /** As the cluster calls it. */
  status: string
  /** ISO 8601. */
  startedAt?: string
  endedAt?: string
  /** What the cluster says of it. */
  message?: string
}

export interface SubmittedJobs {
  readonly url: string
  /** What swirl submitted alone, the newest first: what others have there is none of ours. */
  list(): Promise<SubmittedJob[]>
  /** False where it had ended; undefined where there is no such job. */
  stop(id: string): Promise<boolean | undefined>
}

export interface JobEngine {
  description: string
  /** The algorithms that it trains by, by short name; others are refused before anything is sent. */
  algorithms: readonly string[]
  /** Those of them that ask a judge while they train. */
  judges: readonly string[]
  /**
   * Submits the job, or attaches to it where it is there already; resolves when it has ended well. Throws where it was lost,
   * stopped or failed, with what to do; called again, it goes on from the newest checkpoint. `options`: the engine's own
   * (`--engine-option`, `--lora` and so on), and `url`, the address.
   */
  train(job: TrainingJob, options: Readonly<Record<string, unknown>>, host: Host): Promise<TrainingResult>
  /**
   * Runs commands, each as one job, at once where there is room; resolves when all have ended, with those that did not end well.
   * One that goes on is attached to, one that has ended well is left alone, one that has not is submitted again. Throws where
   * nothing could be begun, and by an abort, which lets go of them. Without it (`swirl generate --engine …`) the engine takes
   * trainings alone. `options`: `url`, the address.
   */
  run?(
    commands: readonly CommandJob[],
    options: Readonly<Record<string, unknown>>,
    host: Host,
    abortSignal?: AbortSignal,
  ): Promise<readonly CommandFailure[]>
  /** What was submitted to the cluster, to be looked at and stopped (`swirl jobs`); `options`: `url`, the address. */
  jobs?(
    options: Readonly<Record<string, unknown>>,
    host: Host,
    abortSignal?: AbortSignal,
  ): SubmittedJobs | Promise<SubmittedJobs>
}
