/** How a policy is sampled. */
export interface Sampling {
  /** Default 1: training needs the policy's own distribution. 0 is greedy. */
  temperature?: number
  topP?: number
  topK?: number
  stopSequences?: string[]
}

export const temperatureOf = ({ temperature = 1 }: Sampling = {}): number => temperature
