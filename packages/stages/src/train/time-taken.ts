/**
 * How long a training took over all its processes: the one that ended it, and of those before what the steps took that stand on
 * record. What a killed process did beside its steps is not known, nor a step that was made again.
 */
import { MetricSchema } from "@swirl-ts/core"
import { readRecords } from "@swirl-ts/store"

/** By step. */
export type StepSeconds = ReadonlyMap<number, number>

/** `path`: the training's metrics; none are there before it begins. */
export async function stepSeconds(path: string): Promise<StepSeconds> {
  const found = new Map<number, number>()
  for await (const { step, values } of readRecords(path, MetricSchema)) {
    if (typeof values.seconds === "number") found.set(step, values.seconds)
  }
  return found
}

/** Of the steps that were there before and are there still, as they were. */
export const secondsBefore = (before: StepSeconds, after: StepSeconds): number =>
  [...before].reduce((sum, [step, seconds]) => (after.get(step) === seconds ? sum + seconds : sum), 0)
