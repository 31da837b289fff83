/** How long a policy took for some questions, `measured.json` beside their records: what a plan says of time is from here. */
import { z } from "zod"

export const MeasurementSchema = z.object({
  schema: z.literal("swirl.measurement/1"),
  /** Name of the cell whose questions were asked. */
  cell: z.string(),
  questions: z.int().positive(),
  /** Wall time, opening the model aside. */
  seconds: z.number().nonnegative(),
  /** Trajectories at once. */
  concurrency: z.int().positive(),
})
export type MeasurementRecord = z.infer<typeof MeasurementSchema>
