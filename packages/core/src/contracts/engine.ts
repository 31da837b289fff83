/**
 * The Engine contract: what trains. Four verbs (sample, forwardBackward, optimStep, save/load), as in Tinker, so that
 * one loop drives a laptop and a cluster. Rows stay flat; an engine finds shared prefixes by itself.
 */
import type { Host, LanguageModel } from "./model.ts"
import type { UnloadedPolicy } from "./policy-text.ts"

export interface SampleOptions {
  /** Sequences a prompt. */
  n: number
  maxTokens: number
  /** 0 is greedy. Training samples at 1. */
  temperature: number
  /** Texts at which an action is interrupted, the ids up to there kept; absent: it ends by itself. */
  stopSequences?: readonly string[]
  /** One a prompt; sample `i` of a prompt draws from `seedFrom(seed, i)`. */
  seeds: readonly number[]
  abortSignal?: AbortSignal
}

export interface SampledSequence {
  tokenIds: number[]
  logProbabilities: number[]
  finishReason: "stop" | "length"
}

/** One action at one state. */
export interface TrainingRow {
  /** State: ids that are only context. */
  promptTokenIds: readonly number[]
  /** Action: ids that are trained, the end-of-turn id included when it was sampled. */
  tokenIds: readonly number[]
  /** A at each action token; the loss is −(1/normaliser) Σ A · log π(token). Same length as `tokenIds`. */
  coefficients: readonly number[]
  /** How many equal samples this row stands for (weights the exact KL); default 1. */
  count?: number
}

export interface LossOptions {
  /** N of DESIGN 5: number of scored samples in the batch, not of rows. */
  normaliser: number
  /** Adds (weight/normaliser) · Σ count · KL(π ‖ π initial) over the full vocabulary at every action token. */
  exactKl?: { weight: number }
}

export interface AdamOptions {
  learningRate: number
  beta1: number
  beta2: number
  epsilon: number
  weightDecay: number
  /** Global gradient norm; absent: no clipping. */
  clipNorm?: number
}

export interface Engine {
  /** Tokens that a state and its action may have together; absent: nobody knows. */
  readonly contextSize?: number
  /** `[prompts][n]`. */
  sample(prompts: readonly (readonly number[])[], options: SampleOptions): Promise<SampledSequence[][]>
  /**
   * Adds to the gradients; returns the loss and, a row, log π of its action tokens before the update.
   * `exactKl`: Σ count · KL over the rows' action tokens, neither weighted nor normalised.
   */
  forwardBackward(
    rows: readonly TrainingRow[],
    loss: LossOptions,
  ): Promise<{ loss: number; logProbabilities: number[][]; exactKl?: number }>
  /**
   * Applies and clears the gradients; returns their global norm before clipping. Where that is no finite number, weights and
   * moments stay as they are.
   */
  optimStep(options: AdamOptions): Promise<{ gradientNorm: number }>
  /** Clears the gradients and applies nothing. */
  clearGradients?(): Promise<void>
  /** log π of the action tokens, a row, under the current or the initial policy. */
  logProbabilities(
    rows: readonly Pick<TrainingRow, "promptTokenIds" | "tokenIds">[],
    policy: "current" | "initial",
  ): Promise<number[][]>
  /**
   * Writes weights (Hugging Face layout) and optimiser state; a later `loadState` continues exactly.
   * The initial policy stays the one the engine was created with.
   */
  saveState(directory: string): Promise<void>
  loadState(directory: string): Promise<void>
  /** The live weights behind the Model contract. */
  languageModel(): LanguageModel
  dispose(): Promise<void>
}

/** What only some engines can do: an algorithm that is asked for it says so before anything is generated. */
export type EngineAbility = "exactKl"

/** With what an engine is made. Where it has no use for the backend or the address, it passes over them. */
export interface EngineOptions {
  /** A model string such as `nano`, `local:<directory>` or `local:<file.gguf>`. */
  policy: string
  /** TensorFlow.js backend of an engine in this process. */
  backend?: "wasm" | "native"
  /** Address of its server. */
  url?: string
  [option: string]: unknown
}

/** What an engine may ask of other plugins. */
export interface EngineServices {
  /** How a policy's conversations become ids, without its weights. Throws a usage error where nobody can say. */
  unloaded(policy: string): Promise<UnloadedPolicy>
  /** Aborted where the command is to end: what is under way on a server may be left there. */
  abortSignal?: AbortSignal
}

/** Makes an engine over a starting policy. Services are given by the stages; an engine that needs none leaves them out. */
export interface EngineFactory {
  description: string
  /** What it cannot do. */
  lacks?: readonly EngineAbility[]
  create(options: EngineOptions, host: Host, services?: EngineServices): Promise<Engine>
  /** Throws where `create` would refuse these options, or its server is not there; trains nothing: asked before work is planned with them. */
  check?(options: EngineOptions, host: Host, services?: EngineServices): void | Promise<void>
  /** Digest of the weights that a training of this policy begins with, wherever they lie: one that goes on is compared by it. */
  identity?(policy: string, host: Host, services?: EngineServices): Promise<string>
}
