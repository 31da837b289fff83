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
  /** A training ends with the step by which so many tokens were sampled for it, however many iterations are left. Recorded only when given. */
  tokenBudget: count.optional(),
  /** Steps in a row whose loss or gradient is not finite, which are skipped, after which a training stops. */
  mostSkipped: count.default(3),
  /** Ends with the first alarm, and gives the checkpoint whose fresh roll-outs were best. Recorded only when given. */
  stopOnAlarm: z.boolean().optional(),
}

/** Options that say how much is done, not what: with these changed, a training goes on. */
export const amounts: readonly string[] = [
  "iterations",
  "checkpointEvery",
  "keepCheckpoints",
  "mostSkipped",
  "tokenBudget",
  "stopOnAlarm",
]

const policyShape = {
  ...optimiserShape,
  /** Weight of the KL to the initial policy. */
  beta: z.number().nonnegative().default(0.02),
  kl: z.enum(["penalty", "exact"]).default("penalty"),
  /**
   * Weighs every token by π in training / π when sampled, from 1 / ratioClip to ratioClip, for one more forward pass: where
   * `trainSampleDifference` is not about 0, as with bf16. Default: not weighed.
   */
  ratioClip: z.number().min(1).optional(),
}

const normaliseShape = {
  /** `standard-deviation` divides advantages by their group's: biased, as in GRPO. */
  normalise: z.enum(["none", "standard-deviation"]).default("none"),
}

const recordedShape = {
  /** States drawn a batch. */
  states: count.default(64),
  /**
   * Draws trajectories instead of single states and takes so many states of each, so that a batch's states are beginnings
   * of each other and share their tokens. A batch holds `states` of them at most: trajectories may be shorter.
   */
  statesPerTrajectory: count.optional(),
  /** Fresh actions a drawn state (G). */
  samples: z.int().min(2).default(8),
  weighting: z.enum(["trajectory", "state"]).default("trajectory"),
  /** Sampled tokens an action; an action that reaches it is cut off and bad. `swirl` takes what the benchmarks allow where it is not given. */
  maxTokens: count.default(64),
  /**
   * Only states are trained at whose share of good actions in a first sample of `samples` is at least `minGood` and at most
   * `maxGood`, e.g. .2 and .8: elsewhere the policy has nothing to learn. Looked at anew every round. Recorded only when given.
   */
  minGood: z.number().min(0).max(1).optional(),
  maxGood: z.number().min(0).max(1).optional(),
  /** With them: so many states a round are looked at, drawn by weight; default: all. */
  candidates: count.optional(),
  /**
   * With them: `recorded` takes the share of the round's recorded actions in place of `fresh` ones, which costs no token;
   * a state has one where two trajectories or more pass through it. Recorded only when given.
   */
  shareOf: z.enum(["fresh", "recorded"]).optional(),
  /** Rounds that the iterations are shared out over: each later one begins with fresh episodes. Recorded only when given. */
  rounds: count.optional(),
  /** Fresh episodes a task at the beginning of a later round (4). */
  episodes: count.optional(),
}

export const SwirlOptionsSchema = z.strictObject({ ...policyShape, ...recordedShape, ...normaliseShape })
export type SwirlSettings = z.infer<typeof SwirlOptionsSchema>

export const SftOptionsSchema = z.strictObject({
  ...optimiserShape,
  /** Trajectories a batch. */
  trajectories: count.default(32),
})
export type SftSettings = z.infer<typeof SftOptionsSchema>

export const RftOptionsSchema = SftOptionsSchema.extend({
  /** Rounds that the iterations are shared out over: the first on the recorded trajectories, each later one on fresh ones. */
  rounds: count.default(3),
  /** Fresh episodes a task at the beginning of a later round. */
  episodes: count.default(4),
})
export type RftSettings = z.infer<typeof RftOptionsSchema>

const episodeShape = {
  /** Questions a batch. */
  tasks: count.default(8),
  /** Fresh episodes a question (G). */
  samples: z.int().min(2).default(8),
}

export const OutcomeGrpoOptionsSchema = z.strictObject({
  ...policyShape,
  ...episodeShape,
  ...normaliseShape,
  /** Times that questions whose episodes all score the same are replaced by others (DAPO's dynamic sampling). */
  resample: z.int().nonnegative().default(0),
})
export type OutcomeGrpoSettings = z.infer<typeof OutcomeGrpoOptionsSchema>

const discount = z.number().min(0).max(1)

export const GigpoOptionsSchema = z.strictObject({
  ...policyShape,
  ...episodeShape,
  ...normaliseShape,
  /** Weight of what followed from equal states, beside the outcome's 1. */
  stateWeight: z.number().nonnegative().default(1),
  /** Of an outcome, a step. */
  discount: discount.default(0.95),
})
export type GigpoSettings = z.infer<typeof GigpoOptionsSchema>

export const MtGrpoOptionsSchema = z.strictObject({
  ...policyShape,
  ...episodeShape,
  ...normaliseShape,
  /** Weight of a step's own score. */
  turnWeight: z.number().nonnegative().default(1),
  /** Weight of its episode's outcome; with 0 no label is used. */
  outcomeWeight: z.number().nonnegative().default(1),
})
export type MtGrpoSettings = z.infer<typeof MtGrpoOptionsSchema>

export const IgpoOptionsSchema = z.strictObject({
  ...policyShape,
  ...episodeShape,
  ...normaliseShape,
  /** Of later rewards, a step. */
  discount: discount.default(1),
})
export type IgpoSettings = z.infer<typeof IgpoOptionsSchema>

export const SlateOptionsSchema = z.strictObject({
  ...policyShape,
  ...normaliseShape,
  /** Questions a batch, an episode each. */
  tasks: count.default(32),
  /** States drawn a batch, on the way of these episodes. */
  states: recordedShape.states,
  samples: recordedShape.samples,
  maxTokens: recordedShape.maxTokens,
})
export type SlateSettings = z.infer<typeof SlateOptionsSchema>

export const StepDpoOptionsSchema = z
  .strictObject({
    ...policyShape,
    ...recordedShape,
    /** DPO's own: how much a preference may be worth of log π / π_initial. */
    beta: positive.default(0.1),
  })
  .omit({ kl: true })
export type StepDpoSettings = z.infer<typeof StepDpoOptionsSchema>

/** What every algorithm here shares. */
export type TrainingSettings = z.infer<z.ZodObject<typeof optimiserShape>>
/** What every algorithm over recorded states shares. */
export type RecordedSettings = TrainingSettings & z.infer<z.ZodObject<typeof recordedShape>>
