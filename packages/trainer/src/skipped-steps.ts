/**
 * Steps whose loss or gradient is no finite number. Such a step is skipped and counted: weights and moments stay as they
 * are; too many in a row end the training. The count stands in the metrics, so a resumed training goes on counting.
 */
import { type AdamOptions, type Engine, type MetricRecord, SwirlError } from "@swirl-ts/core"
import type { StepValues } from "./step-values.ts"

type Records = readonly Pick<MetricRecord, "step" | "values">[]

export interface AppliedStep {
  gradientNorm: number | null
  isSkipped: boolean
}

/** Steps on the gradients, or forgets them where they or the loss are not finite. */
export async function applyStep(engine: Engine, { loss }: StepValues, adam: AdamOptions): Promise<AppliedStep> {
  if (typeof loss === "number" && !Number.isFinite(loss)) {
    if (!engine.clearGradients) {
      throw new SwirlError(`The loss is ${loss}, and the engine cannot forget a gradient. Lower the learning rate.`)
    }
    await engine.clearGradients()
    return { gradientNorm: null, isSkipped: true }
  }
  const { gradientNorm } = await engine.optimStep(adam)
  return Number.isFinite(gradientNorm) ? { gradientNorm, isSkipped: false } : { gradientNorm: null, isSkipped: true }
}

/** Skipped steps of a training, by its records. */
export const skippedSteps = (records: Records): number => records.at(-1)?.values.skippedSteps ?? 0

/** Throws where the last `limit` records are of skipped steps. */
export function checkSkipped(records: Records, limit: number): void {
  const last = records.slice(-limit)
  const before = skippedSteps(records.slice(0, -limit))
  if (last.length < limit || skippedSteps(records) - before < limit) return
  throw new SwirlError(
    `The loss or its gradient was no finite number in ${limit} steps in a row, ${last[0]!.step} to ${last.at(-1)!.step}; the weights are those of step ${last[0]!.step - 1}. Lower the learning rate, or look at the rows of these steps: swirl train --dry-run`,
  )
}

/** Values as records hold them: what is no number does not exist. */
export const finiteValues = (values: StepValues): StepValues =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, value !== null && Number.isFinite(value) ? value : null]),
  )
