/** What a report shows of a matrix, of trainings and of judges, as plain data. */
import { ChangedCellSchema, MatrixRowSchema, MatrixSchema, MetricSchema, RaisedAlarmSchema } from "@swirl-ts/core"
import { z } from "zod"

/** A cell of `matrix.json`, or one that has nothing to be compared with. */
export const ReportCellSchema = ChangedCellSchema.partial({ change: true })
export type ReportCell = z.infer<typeof ReportCellSchema>

/** A row of `matrix.json`; what is not known is left out. */
export const ReportRowSchema = MatrixRowSchema.partial().extend({
  name: z.string(),
  /** Reference rows are measured only: neither base nor trained here. Base rows of a seed have the cells that are sampled. */
  kind: z.enum(["base", "training", "reference"]).default("training"),
  /** The model string that it was evaluated by. */
  model: z.string().optional(),
  /** By column; a cell that was not measured is absent. */
  cells: z.record(z.string(), ReportCellSchema),
})
export type ReportRow = z.infer<typeof ReportRowSchema>

export const ReportMatrixSchema = MatrixSchema.pick({
  seeds: true,
  overSeeds: true,
  contrasts: true,
  pickedBy: true,
  selection: true,
  unfinished: true,
  failed: true,
}).extend({
  /** The base's. */
  policy: z.string().optional(),
  /** Names of cells. */
  columns: z.array(z.string()),
  /** By the name of the cell. */
  columnFacts: MatrixSchema.shape.columns,
  rows: z.array(ReportRowSchema),
  /** Questions asked a cell. */
  questions: z.int().optional(),
})
export type ReportMatrix = z.infer<typeof ReportMatrixSchema>

export const ReportTrainingSchema = z.object({
  name: z.string(),
  metrics: z.array(MetricSchema),
  alarms: z.array(RaisedAlarmSchema).default([]),
})
export type ReportTraining = z.infer<typeof ReportTrainingSchema>

const RateSchema = z.object({
  value: z.number(),
  ci: z.tuple([z.number(), z.number()]),
  count: z.int(),
  n: z.int(),
})
export type ReportRate = z.infer<typeof RateSchema>

/** One judge's agreement with another, as `confusion` of @swirl-ts/stats counts it, with the task it was measured on. */
export const ReportCalibrationSchema = z.object({
  judge: z.string(),
  oracle: z.string(),
  task: z.string().optional(),
  n: z.int(),
  unscored: z.int().optional(),
  agreement: RateSchema,
  falsePositiveRate: RateSchema.optional(),
  falseNegativeRate: RateSchema.optional(),
})
export type ReportCalibration = z.infer<typeof ReportCalibrationSchema>
