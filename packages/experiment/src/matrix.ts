/** The matrix: rows of trainings over cells of evaluations, each change paired with the base on the same questions. */
import { CellResultSchema, ChangedCellSchema } from "@swirl-ts/stages"
import { z } from "zod"

export const MatrixRowSchema = z.object({
  name: z.string(),
  train: z.string(),
  filter: z.string(),
  algorithm: z.string(),
  judge: z.string(),
  /** True where the judge knows the task's plan: an upper bound, not a method. */
  oracle: z.boolean().optional(),
  seed: z.int().optional(),
  cells: z.record(z.string(), ChangedCellSchema),
  alarms: z.array(z.object({ step: z.int(), kind: z.string(), message: z.string() })).optional(),
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
