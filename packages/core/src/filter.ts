/** A filter keeps or drops whole trajectories (METHOD 3). Pure: verdicts and outcome are computed before. */
import type { Trajectory, VerdictRecord } from "./records.ts"

export interface FilterInput {
  trajectory: Trajectory
  /** One a step, in step order; undefined where a step was not judged. */
  verdicts: (VerdictRecord | undefined)[]
  /** Whether the final answer matches the reference; undefined unless the filter needs it. */
  outcome?: boolean
}

export interface Filter {
  description: string
  /** What has to be computed before `keep` is asked. */
  needs: readonly ("process" | "outcome")[]
  keep(input: FilterInput): boolean
}
