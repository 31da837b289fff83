/**
 * Filters keep or drop whole trajectories (METHOD 3). A missing verdict is a third value: such a trajectory is not kept
 * by a filter that needs the verdict; `applyFilter` of core counts it apart, so that a failing judge does not look like a bad policy.
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
