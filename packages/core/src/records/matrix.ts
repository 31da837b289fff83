/** The matrix of an experiment, `matrix.json`: rows of trainings over cells, each change paired with the base on the same questions. */
import { z } from "zod"
import { LeftOutSchema } from "./left-out.ts"

/** 95 %, lower end first. */
const IntervalSchema = z.tuple([z.number(), z.number()])

export const CellResultSchema = z.object({
  /** In [0, 1]. */
  accuracy: z.number(),
  /** Samples with a score. */
  n: z.int().nonnegative(),
  /** Questions that these samples are of, fewer where each was asked several times (epochs): they are the sample of every interval and p. */
  questions: z.int().nonnegative().optional(),
  /** Of the accuracy: Wilson's where every question is wholly right or wrong, else of the mean over questions, by t. */
  ci: IntervalSchema,
  /** Samples without a score, errors among them: left out of `n`, never counted as wrong. */
  unscored: z.int().optional(),
  /** Those of `unscored` whose policy failed. */
  errors: z.int().optional(),
  /** Samples that ended at a limit: counted, as unanswered. */
  limits: z.int().optional(),
})
export type CellResult = z.infer<typeof CellResultSchema>

export const ChangeSchema = z.object({
  value: z.number(),
  /** Of the difference to base: a paired bootstrap over questions, or what `ciMethod` says. */
  ci: IntervalSchema,
  /** `none-differs`: no question has two different scores, and `ci` is the change that this many equal ones leave possible (Clopper-Pearson). */
  ciMethod: z.enum(["paired-bootstrap", "none-differs"]).optional(),
  /** Two-sided, uncorrected: McNemar's mid-p, or what `pMethod` says. */
  p: z.number(),
  pMethod: z.enum(["mcnemar-mid-p", "paired-permutation"]).optional(),
  /** The base's accuracy on the same questions: `value` is the accuracy less this. */
  baseAccuracy: z.number().optional(),
})
export type Change = z.infer<typeof ChangeSchema>

/** Compared with another policy: accuracy, n, questions, change and p are all over the questions that both have a score for. */
export const ChangedCellSchema = CellResultSchema.extend({ change: ChangeSchema, leftOut: LeftOutSchema.optional() })
export type ChangedCell = z.infer<typeof ChangedCellSchema>

/**
 * What a training said of itself, and at which step. Two kinds mean the same whoever raises them: `gaming`, the judge is
 * pleased while the policy gets worse, and `collapse`, there is nothing left to learn from.
 */
export const RaisedAlarmSchema = z.object({ step: z.int(), kind: z.string(), message: z.string() })
export type RaisedAlarm = z.infer<typeof RaisedAlarmSchema>

export const MatrixRowSchema = z.object({
  name: z.string(),
  /** Tasks trained on, `calc` or `calc+lookup`. */
  train: z.string(),
  /** The cells of those tasks, by name. Absent in records of before it was written. */
  trainedOn: z.array(z.string()).optional(),
  filter: z.string(),
  algorithm: z.string(),
  judge: z.string(),
  /** True where the judge knows the task: an upper bound, not a method. */
  oracle: z.boolean().optional(),
  /** The training's; a policy that was only measured has none. */
  seed: z.int().optional(),
  /** By the name of the cell. */
  cells: z.record(z.string(), ChangedCellSchema),
  alarms: z.array(RaisedAlarmSchema).optional(),
  /** Trajectories left after the filter. */
  kept: z.int().optional(),
  checkpoint: z.string().optional(),
})
export type MatrixRow = z.infer<typeof MatrixRowSchema>

export const MatrixSchema = z.object({
  schema: z.literal("swirl.matrix/1"),
  policy: z.string(),
  judge: z.string(),
  cells: z.array(z.string()),
  base: z.record(z.string(), CellResultSchema),
  rows: z.array(MatrixRowSchema),
  /** Questions asked a cell; fewer were scored where a cell's `n` is smaller. */
  questions: z.int(),
})
export type Matrix = z.infer<typeof MatrixSchema>
