/** A filter keeps or drops whole trajectories (METHOD 3). Pure: verdicts and outcome are computed before. */
import type { Trajectory, VerdictRecord } from "../records/records.ts"

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

export interface FilterResult<T extends FilterInput = FilterInput> {
  kept: T[]
  dropped: T[]
  /** `unscored`: those of the dropped that only a missing verdict or outcome kept out. */
  counts: { total: number; kept: number; dropped: number; unscored: number }
}

/** Splits trajectories by a filter. */
export function applyFilter<T extends FilterInput>(filter: Filter, inputs: readonly T[]): FilterResult<T> {
  const kept: T[] = []
  const dropped: T[] = []
  let unscored = 0
  for (const input of inputs) {
    if (filter.keep(input)) kept.push(input)
    else {
      dropped.push(input)
      if (filter.keep(asIfScored(input))) unscored += 1
    }
  }
  return { kept, dropped, counts: { total: inputs.length, kept: kept.length, dropped: dropped.length, unscored } }
}

/** The same trajectory had every missing verdict been good. */
function asIfScored(input: FilterInput): FilterInput {
  const { trajectory, verdicts, outcome } = input
  return {
    trajectory,
    outcome: outcome ?? true,
    verdicts: trajectory.steps.map((_, step) => {
      const verdict = verdicts[step]
      return verdict && verdict.verdict !== "unscored"
        ? verdict
        : {
            schema: "swirl.verdict/1",
            id: "",
            trajectoryId: trajectory.id,
            step,
            judge: "",
            verdict: "good",
            reason: "",
          }
    }),
  }
}
