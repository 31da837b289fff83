/** What a training writes: what it is, its steps and rounds, the states it looked at, and what it came to. */
import { z } from "zod"
import { BudgetSchema, UsedSchema } from "./budget.ts"
import { RaisedAlarmSchema } from "./matrix.ts"

/** One optimiser step of a training; `values` are flat numbers under names in full words. */
export const MetricSchema = z.object({
  schema: z.literal("swirl.metric/1"),
  step: z.int().nonnegative(),
  values: z.record(z.string(), z.number().nullable()),
  alarms: z.array(z.object({ kind: z.string(), message: z.string() })).default([]),
})
export type MetricRecord = z.infer<typeof MetricSchema>

/** What a training is, in its own folder; `spec` is the algorithm's. */
export const TrainingSchema = z.object({
  schema: z.literal("swirl.training/1"),
  spec: z.record(z.string(), z.unknown()),
  specHash: z.string(),
})

/** What a finished training came to. */
export const TrainingResultSchema = z.object({
  schema: z.literal("swirl.training-result/1"),
  name: z.string(),
  checkpoint: z.string(),
  steps: z.int(),
  alarms: z.array(RaisedAlarmSchema),
  /** Where an alarm ended it: after which step, and of which step the checkpoint is. */
  stopped: z.object({ step: z.int(), checkpoint: z.int() }).optional(),
  considered: z.int(),
  kept: z.int(),
  keptRight: z.int(),
  unscored: z.int(),
  /** Where it may not take all that were kept. */
  budget: BudgetSchema.optional(),
  used: UsedSchema.optional(),
  oracle: z.boolean(),
  /** Digest of the options that said how much to train, such as iterations: asked for as much again, nothing is left to do. */
  amounts: z.string().optional(),
  /** Of the process that ended it, and what the steps of those before took. */
  seconds: z.number(),
  /** Resident, of the process that ended the training. */
  peakMemoryBytes: z.number().optional(),
})
export type TrainingResultRecord = z.infer<typeof TrainingResultSchema>

/** A state whose first actions a training looked at, fresh or recorded ones, to find out whether there is something to learn. */
export const CandidateStateSchema = z.object({
  schema: z.literal("swirl.candidate-state/1"),
  /** Of the state: a hash of its token ids. */
  id: z.string(),
  /** Where it was first seen. */
  trajectoryId: z.string(),
  step: z.int().nonnegative(),
  /** Actions looked at, and those of them with a score. */
  samples: z.int().nonnegative(),
  scored: z.int().nonnegative(),
  /** Mean score, in [0, 1]; absent with fewer than two. */
  good: z.number().optional(),
  /** Sampled for it; 0 where the actions were recorded before. */
  tokens: z.int().nonnegative(),
})
export type CandidateStateRecord = z.infer<typeof CandidateStateSchema>

/** The fresh episodes of a later round of a training. */
export const RoundSchema = z.object({
  schema: z.literal("swirl.round/1"),
  round: z.int(),
  episodes: z.int().nonnegative(),
  /** Those of them that the filter kept. */
  kept: z.int().nonnegative(),
  /** Sampled for all of them. */
  tokens: z.int().nonnegative(),
})
export type RoundRecord = z.infer<typeof RoundSchema>

/** The submissions of a training, or of a command, that a job engine has done elsewhere, the oldest first. */
export const TrainingJobSchema = z.object({
  schema: z.literal("swirl.training-job/1"),
  engine: z.string(),
  /** Of the training or the command: the same whatever cluster it is sent to. */
  id: z.string(),
  attempts: z.array(
    z.object({
      /** Under which the cluster knows it. */
      submissionId: z.string(),
      /** Digest of all that was sent: another one was asked for something else. */
      files: z.string(),
      /** Of the cluster. */
      url: z.string(),
      /** ISO 8601. */
      submittedAt: z.string(),
      /** In the engine's own words; absent where nobody saw it end. */
      status: z.string().optional(),
      message: z.string().optional(),
      endedAt: z.string().optional(),
    }),
  ),
})
export type TrainingJobRecord = z.infer<typeof TrainingJobSchema>
