/** A batch with what it is trained on: the advantages of its rows, and the rows that have a gradient. */
import type { TrainingRow } from "@swirl-ts/core"
import type { SampledBatch } from "./samplers/sampler.ts"

export interface CreditedBatch extends SampledBatch {
  advantages: readonly (number | undefined)[]
  trained: readonly TrainingRow[]
}
