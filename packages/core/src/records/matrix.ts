/** The matrix of an experiment, `matrix.json`: rows of trainings over cells, each change paired with the base on the same questions. */
import { z } from "zod"
import { DiffersSchema } from "./differs.ts"
import { LeftOutSchema } from "./left-out.ts"
import { MadeBySchema } from "./maker.ts"

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
  /** Questions of the cell that training, few-shot or calibration has seen, where they were reported and not refused. */
  leaked: z.int().nonnegative().optional(),
  /** Questions of the cell of which nobody looked whether they leaked (`--leak off`). */
  unguarded: z.int().nonnegative().optional(),
  /** Where the samples with a score are of several texts of a plugin, or of several versions. */
  madeBy: MadeBySchema.optional(),
  /** Share of the policy's steps that the experiment's judge calls good, over steps with a verdict: malformed and cut-off ones are bad. */
  goodSteps: z.object({ share: z.number(), n: z.int() }).optional(),
  /** Share of a task's gold steps that its trajectory met: the mean over scored questions with gold steps, `n`. */
  goldStepRecall: z.object({ share: z.number(), n: z.int() }).optional(),
  /** How the policy answered; where the experiment asks for details. */
  protocol: z
    .object({
      /** Of the cell's questions, those that ended in an error aside. */
      trajectories: z.int(),
      steps: z.int(),
      /** Share of trajectories that ended with an answer. */
      answered: z.number(),
      /** Share of steps that can be read and were not cut off; of first steps alone. */
      wellFormed: z.number(),
      firstWellFormed: z.number(),
      /** Sampled, the mean of a trajectory. */
      tokens: z.number(),
    })
    .optional(),
})
export type CellResult = z.infer<typeof CellResultSchema>

export const ChangeSchema = z.object({
  value: z.number(),
  /** Of the difference to base: a paired bootstrap over questions, or what `ciMethod` says. */
  ci: IntervalSchema,
  /**
   * `tango-score`: of fewer than ten questions with two different scores, which are right or wrong (Tango 1998).
   * `paired-t`: of scores outside [0, 1], whose range nobody knows.
   * `none-differs`: no question has two different scores, and `ci` is the change that this many equal ones leave possible (Clopper-Pearson).
   */
  ciMethod: z.enum(["paired-bootstrap", "tango-score", "none-differs", "paired-t"]).optional(),
  /** Two-sided, uncorrected: McNemar's mid-p, or what `pMethod` says. */
  p: z.number(),
  pMethod: z.enum(["mcnemar-mid-p", "paired-permutation"]).optional(),
  /** `p` after Holm's correction; the family is every change of the rows of this matrix. */
  pHolm: z.number().optional(),
  /** The base's accuracy on the same questions: `value` is the accuracy less this. */
  baseAccuracy: z.number().optional(),
})
export type Change = z.infer<typeof ChangeSchema>

/** What changed beside the accuracy, paired as it is; `p` is not corrected for how many there are. */
export const BehaviourChangeSchema = ChangeSchema.omit({ pHolm: true, baseAccuracy: true }).extend({
  /** That both have it for. */
  questions: z.int(),
})

/** Compared with another policy: accuracy, n, questions, change and p are all over the questions that both have a score for. */
export const ChangedCellSchema = CellResultSchema.extend({
  change: ChangeSchema,
  /** How questions are answered, a mean a question and trajectory; where the experiment asks for details. */
  behaviour: z
    .object({
      /** In the share of gold steps that were met. */
      goldStepRecall: BehaviourChangeSchema.optional(),
      /** In the share of trajectories that ended with an answer. */
      answered: BehaviourChangeSchema.optional(),
      /** In the share of a trajectory's steps that can be read and were not cut off. */
      wellFormed: BehaviourChangeSchema.optional(),
    })
    .optional(),
  leftOut: LeftOutSchema.optional(),
  /** What else differs between the two than the policy, as far as it is on record; absent where nothing does. */
  differs: DiffersSchema.optional(),
})
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
  /** Cells of other tasks that share their sources with one trained on, by name. */
  sameFamily: z.array(z.string()).optional(),
  /** By the name of the cell. */
  cells: z.record(z.string(), ChangedCellSchema),
  /** Why there is no result: by the name of the cell, or for the whole row. A missing one is never a number. */
  withoutResult: z.record(z.string(), z.string()).optional(),
  outcome: z.string().optional(),
  alarms: z.array(RaisedAlarmSchema).optional(),
  /** An alarm ended its training after this step, and its policy is that of the step whose fresh roll-outs were best. */
  stopped: z.object({ step: z.int(), checkpoint: z.int() }).optional(),
  /** Trajectories left after the filter. */
  kept: z.int().optional(),
  /** What the training was allowed of those, and what it took. */
  budget: z.object({ trajectories: z.int().optional(), states: z.int().optional() }).optional(),
  used: z.object({ trajectories: z.int(), states: z.int() }).optional(),
  /** What the training took; where the experiment asks for details. */
  cost: z
    .object({
      /** Of the optimiser. */
      steps: z.int(),
      /** For the training alone: actions, episodes, first samples at states. */
      sampledTokens: z.int(),
      trainedTokens: z.int(),
      /** Of all steps, roll-outs aside; and the median of one. */
      seconds: z.number(),
      secondsPerStep: z.number().optional(),
      /** Sampled and trained, a second of them. */
      tokensPerSecond: z.number().optional(),
      peakMemoryBytes: z.number().optional(),
    })
    .optional(),
  /** Relative to the experiment's folder where it lies in it; absolute in records of before. */
  checkpoint: z.string().optional(),
})
export type MatrixRow = z.infer<typeof MatrixRowSchema>

/**
 * A claim about an algorithm: training seeds are the sample, and the change is its mean over them. One seed makes no such claim;
 * two have Student's t over the seeds alone. The changes in rows are claims about a checkpoint: there, questions are the sample.
 */
export const SeedsChangeSchema = z.object({
  value: z.number(),
  /** Absent with one seed, and where it would be a point. Of scores in [0, 1] it is within [-1, 1]. */
  ci: IntervalSchema.optional(),
  /** `seeds-t`: Student's t of the means of the seeds; `seeds-and-questions`: both are samples (three seeds or more). */
  ciMethod: z.enum(["seeds-t", "seeds-and-questions"]).optional(),
  /** Two-sided paired t over the seeds, n - 1 degrees of freedom. Absent with one seed, and where all seeds have the same change. */
  p: z.number().optional(),
  /** Over every p of its own table: `overSeeds`, or `contrasts`. */
  pHolm: z.number().optional(),
  seeds: z.int(),
  /** Questions that every seed has both scores for; of a mean over cells, those of all its splits (temperatures ask the same). */
  questions: z.int(),
})
export type SeedsChange = z.infer<typeof SeedsChangeSchema>

export const SeedsCellSchema = z.object({
  /** Mean over the seeds, on the questions of `change`. */
  accuracy: z.number(),
  change: SeedsChangeSchema,
})

/** One training over all its seeds. */
export const SeedsRowSchema = z.object({
  name: z.string(),
  seeds: z.array(z.int()),
  cells: z.record(z.string(), SeedsCellSchema),
  /**
   * Mean over the cells of tasks that the training never saw, each cell with the same weight, over the seeds that have all of
   * them; cells of the same family are not among them. A seed is one draw for all cells, the questions are drawn within a split.
   */
  offDiagonal: SeedsChangeSchema.extend({ cells: z.array(z.string()) }).optional(),
})
export type SeedsRow = z.infer<typeof SeedsRowSchema>

/**
 * Two rows of an experiment's choice: the accuracy of `of` less that of `against`, paired over the seeds and questions that both have.
 * `mean` is over the cells as `offDiagonal` is, where there are several.
 */
export const ContrastResultSchema = z.object({
  name: z.string(),
  of: z.string(),
  against: z.string(),
  /** The cells that it was declared for, where not all. */
  asked: z.array(z.string()).optional(),
  /**
   * `before`: it stood in the experiment when this folder's matrix was begun; `after`: it came when results were there.
   * Absent in records of before it was written.
   */
  declared: z.enum(["before", "after"]).optional(),
  cells: z.record(z.string(), SeedsChangeSchema),
  mean: SeedsChangeSchema.extend({ cells: z.array(z.string()) }).optional(),
})
export type ContrastResult = z.infer<typeof ContrastResultSchema>

/** What a column is, whatever row stands in it. */
export const MatrixColumnSchema = z.object({
  /** Of the questions asked: how many have gold passages known, and how many of those the corpus holds. */
  coverage: z.object({ known: z.int(), held: z.int() }).optional(),
  /**
   * Smallest change that is seen with power .8 at p .05, for as many questions as the training's row with the fewest has. The
   * spread is that of all pairs of trainings' rows with the base together: the mean square of their differences, which of
   * right/wrong scores is the share of questions that differ. Absent where none differs.
   */
  minimumDetectableEffect: z.number().optional(),
  /** Numbers that were published for this benchmark: other models, other questions. */
  published: z
    .array(z.object({ what: z.string(), metric: z.string(), value: z.number(), citation: z.string() }))
    .optional(),
})
export type MatrixColumn = z.infer<typeof MatrixColumnSchema>

export const MatrixSchema = z.object({
  schema: z.literal("swirl.matrix/1"),
  policy: z.string(),
  judge: z.string(),
  cells: z.array(z.string()),
  base: z.record(z.string(), CellResultSchema),
  rows: z.array(MatrixRowSchema),
  /** Questions asked a cell; fewer were scored where a cell's `n` is smaller. */
  questions: z.int(),
  /** `ids`: the questions were named one by one. Absent where they are the first ones of each cell. */
  pickedBy: z.literal("ids").optional(),
  /** Of how many first questions a cell the judge was asked about the steps. Absent where of none, and before it was written. */
  judged: z.int().optional(),
  seeds: z.array(z.int()).optional(),
  /** Cells that are sampled: the base by the seed of the rows that are compared with it. */
  baseBySeed: z
    .array(
      z.object({
        seed: z.int(),
        cells: z.record(z.string(), CellResultSchema),
        withoutResult: z.record(z.string(), z.string()).optional(),
      }),
    )
    .optional(),
  /** Cells of the base without a score, and why. */
  withoutResult: z.record(z.string(), z.string()).optional(),
  /** Trainings over their seeds. */
  overSeeds: z.array(SeedsRowSchema).optional(),
  contrasts: z.array(ContrastResultSchema).optional(),
  /** By the name of the cell. */
  columns: z.record(z.string(), MatrixColumnSchema).optional(),
  /** Which checkpoint of a training stands in its row, in a sentence. */
  selection: z.string().optional(),
  /** Jobs that have not ended: the matrix is a part of what was planned. */
  unfinished: z.array(z.string()).optional(),
  /** Jobs that failed, with their reason. */
  failed: z.array(z.object({ job: z.string(), reason: z.string() })).optional(),
})
export type Matrix = z.infer<typeof MatrixSchema>
