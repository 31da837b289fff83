/** Options of the algorithms, as schemas. Defaults are the prototype's (NANO.md). */
import { z } from "zod"

const positive = z.number().positive()
const count = z.int().positive()

const optimiserShape = {
  /** Optimiser steps. */
  iterations: count.default(60),
  learningRate: positive.default(3e-4),
  /** Steps of linear warm-up; 0 for none. */
  warmup: z.int().nonnegative().default(5),
  beta1: z.number().min(0).lt(1).default(0.9),
  beta2: z.number().min(0).lt(1).default(0.95),
  epsilon: positive.default(1e-8),
  weightDecay: z.number().nonnegative().default(0),
  /** Global gradient norm. */
  clipNorm: positive.default(1),
  /** Fresh roll-outs before the first and after every so many steps, and after the last. */
  rolloutEvery: count.default(10),
  /** A checkpoint after every so many steps, and after the last. */
  checkpointEvery: count.default(10),
  /** Newest checkpoints that stay. */
  keepCheckpoints: count.default(2),
  /** Steps in a row whose loss or gradient is not finite, which are skipped, after which a training stops. */
  mostSkipped: count.default(3),
}

/** Options that say how much is done, not what: with these changed, a training goes on. */
export const amounts: readonly (keyof typeof optimiserShape)[] = [
  "iterations",
  "checkpointEvery",
  "keepCheckpoints",
  "mostSkipped",
]

export const SwirlOptionsSchema = z.strictObject({
  ...optimiserShape,
  /** States drawn a batch. */
  states: count.default(64),
  /**
   * Draws trajectories instead of single states and takes so many states of each, so that a batch's states are beginnings
   * of each other and share their tokens. A batch holds `states` of them at most: trajectories may be shorter.
   */
  statesPerTrajectory: count.optional(),
  /** Fresh actions a drawn state (G). */
  samples: z.int().min(2).default(8),
  /** Weight of the KL to the initial policy. */
  beta: z.number().nonnegative().default(0.02),
  kl: z.enum(["penalty", "exact"]).default("penalty"),
  normalise: z.enum(["none", "standard-deviation"]).default("none"),
  weighting: z.enum(["trajectory", "state"]).default("trajectory"),
  /**
   * Weighs every token by π in training / π when sampled, from 1 / ratioClip to ratioClip, for one more forward pass: where
   * `trainSampleDifference` is not about 0, as with bf16. Default: not weighed.
   */
  ratioClip: z.number().min(1).optional(),
  /** Sampled tokens an action; an action that reaches it is cut off and bad. `swirl` takes what the benchmarks allow where it is not given. */
  maxTokens: count.default(64),
})
export type SwirlSettings = z.infer<typeof SwirlOptionsSchema>

export const SftOptionsSchema = z.strictObject({
  ...optimiserShape,
  /** Trajectories a batch. */
  trajectories: count.default(32),
})

/** What every algorithm here shares. */
export type TrainingSettings = Pick<SwirlSettings, keyof typeof optimiserShape>
