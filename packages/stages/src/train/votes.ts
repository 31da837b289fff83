/**
 * The siblings that a judge goes by in a training: the trajectories that its run folders held when it began, by id, whatever
 * is generated afterwards. So votes are those of the initial policy, and never of what is sampled in the training: votes
 * that follow the policy collapse (arXiv 2505.21444, 2605.19444).
 */
import { contentHash, SwirlError, type Trajectory } from "@swirl-ts/core"
import { type SiblingSets, siblingSets } from "../judge/siblings.ts"

export interface Votes {
  sets: SiblingSets
  /** As they stand in the training's `selection.json`. */
  record: { digest: string; ids: string[] }
}

/** `before`: those that a training began with, where it goes on. */
export function votesOf(name: string, trajectories: readonly Trajectory[], before?: Votes["record"]): Votes {
  const wanted = before && new Set(before.ids)
  const voting = trajectories.filter(({ id }) => wanted?.has(id) ?? true)
  const sets = siblingSets(voting)
  const digests = new Set(voting.map((trajectory) => sets.of(trajectory).digest))
  const record = { digest: contentHash([...digests].sort()), ids: voting.map(({ id }) => id) }
  if (before === undefined || before.digest === record.digest) return { sets, record }
  throw new SwirlError(
    `The judge of the training ${name} goes by ${before.ids.length} trajectories that it began with, and they are others now. Restore the trajectories.jsonl of its folders, or begin another training.`,
    { kind: "usage" },
  )
}
