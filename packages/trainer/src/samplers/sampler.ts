/**
 * A sampler gives the actions of one update. Invariant: what it gives is a function of the engine's weights, the training's
 * seed and the step alone, so that a training that was killed samples the same again.
 */
import type { Row } from "../row.ts"
import type { StepValues } from "../step-values.ts"

export interface SampledBatch {
  rows: readonly Row[]
  /** What is reported of them. */
  values: StepValues
}

export interface Sampler {
  /** Of step `step`, from 1. */
  sample(step: number): Promise<SampledBatch>
}
