/**
 * Siblings: what the trajectories on record for one question say, for judges that ask for it. Answers and results of calls,
 * and nothing else: no reference, no score, no id, no policy. A set has no order, and its digest follows from what it holds,
 * so verdicts can name the set that they were made from.
 */
import { canonicalJson, contentHash } from "../hash.ts"
import type { Trajectory } from "../records/records.ts"
import type { SeenResult } from "./support.ts"

export interface Sibling {
  /** The final answer; absent where there is none. */
  answer?: string
  /** Of its calls, in order; a call that failed or found nothing gave none. */
  results: readonly SeenResult[]
}

/** The siblings of one question. */
export interface SiblingSet {
  siblings: readonly Sibling[]
  digest: string
}

/** A trajectory as its question's judges may see it. */
export const siblingOf = ({ answer, steps }: Pick<Trajectory, "answer" | "steps">): Sibling => ({
  answer,
  results: steps.flatMap(({ call, observation }) =>
    call && observation && !observation.isError && !observation.nothingFound
      ? [{ tool: call.tool, input: call.input, text: observation.text }]
      : [],
  ),
})

/** In an order of their own, whatever the order of the trajectories; those that an error ended are left out. */
export function siblingSet(trajectories: readonly Pick<Trajectory, "answer" | "steps" | "status">[]): SiblingSet {
  const siblings = trajectories
    .filter(({ status }) => status !== "error")
    .map((trajectory) => siblingOf(trajectory))
    .map((sibling) => ({ sibling, text: canonicalJson(sibling) }))
    .sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0))
  return {
    siblings: siblings.map(({ sibling }) => sibling),
    digest: contentHash(siblings.map(({ text }) => text)),
  }
}
