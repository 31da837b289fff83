/** How a policy is sampled. */
import type { Temperature } from "@swirl-ts/core"

export interface Sampling {
  /** Default 1: training needs the policy's own distribution. 0 is greedy. */
  temperature?: Temperature
  topP?: number
  topK?: number
  stopSequences?: string[]
}

export const temperatureOf = ({ temperature = 1 }: Sampling = {}): Temperature => temperature
