/**
 * Filters keep or drop whole trajectories (METHOD 3). A missing verdict is a third value: such a trajectory is not kept
 * by a filter that needs the verdict, and is counted apart, so that a failing judge does not look like a bad policy.
 */
import type { Filter, FilterInput } from "@swirl-ts/core"

/**
 * Every step is good, the answer step too. A trajectory that ended at a limit without an answer is kept when all its
 * steps are good, as in the prototype: its states are sound. One without steps, or cut short by a model error, is not.
 */
function processGood({ trajectory, verdicts }: FilterInput): boolean {
  const { steps, status } = trajectory
  return status !== "error" && steps.length > 0 && steps.every((_, index) => verdicts[index]?.verdict === "good")
}

/** The final answer matches the reference; without an answer, never. */
function outcomeGood({ trajectory, outcome }: FilterInput): boolean {
  return trajectory.answer !== undefined && outcome === true
}

export const filters = {
  none: { description: "keeps every trajectory", needs: [], keep: () => true },
  process: { description: "keeps a trajectory when every step is judged good", needs: ["process"], keep: processGood },
  outcome: {
    description: "keeps a trajectory when its answer matches the reference",
    needs: ["outcome"],
    keep: outcomeGood,
  },
  "process+outcome": {
    description: "keeps a trajectory when every step is good and the answer matches",
    needs: ["process", "outcome"],
    keep: (input) => processGood(input) && outcomeGood(input),
  },
} as const satisfies Record<string, Filter>

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
