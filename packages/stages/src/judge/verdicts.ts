/** Recorded verdicts on steps, read back by trajectory. Those that were made from other siblings than there are now are stale, and count as none. */
import { type Trajectory, type VerdictRecord, VerdictSchema } from "@swirl-ts/core"
import { readRecords, runPaths } from "@swirl-ts/store"
import { identitiesOf, type OpenJudge } from "./open-judge.ts"
import { type SiblingSets, siblingSets } from "./siblings.ts"

/** In step order; undefined where a step has no verdict. */
export type StepVerdicts = (VerdictRecord | undefined)[]

export interface RecordedVerdicts {
  /** By trajectory. */
  verdicts: Map<string, StepVerdicts>
  /** How many steps have a verdict that is stale. */
  stale: number
}

/** Whether a verdict was made from other siblings than its question's are now. Only a judge that asks for them has such; `sets` are those of the trajectories. */
export function staleness(
  sets: SiblingSets | undefined,
  trajectories: readonly Trajectory[],
): (verdict: VerdictRecord) => boolean {
  if (!sets) return () => false
  const digests = new Map(trajectories.map((trajectory) => [trajectory.id, () => sets.of(trajectory).digest]))
  return ({ trajectoryId, siblings }) => siblings !== digests.get(trajectoryId)?.()
}

/** Verdicts of one judge, on all trajectories of their questions. The last verdict of a step counts. */
export async function readVerdicts(
  directory: string,
  trajectories: readonly Trajectory[],
  judge: Pick<OpenJudge, "identity" | "needsSiblings">,
): Promise<RecordedVerdicts> {
  const identities = await identitiesOf(judge, trajectories)
  const isStale = staleness(judge.needsSiblings ? siblingSets(trajectories) : undefined, trajectories)
  const found = new Map(
    trajectories.map(({ id, benchmark, steps }) => [
      id,
      { identity: identities[benchmark], verdicts: new Array<VerdictRecord | undefined>(steps.length).fill(undefined) },
    ]),
  )
  for await (const verdict of readRecords(runPaths(directory).verdicts, VerdictSchema)) {
    const of = found.get(verdict.trajectoryId)
    if (of && of.identity === verdict.judge && verdict.step < of.verdicts.length) of.verdicts[verdict.step] = verdict
  }
  let stale = 0
  const verdicts = new Map<string, StepVerdicts>()
  for (const [id, of] of found) {
    const current = of.verdicts.map((verdict) => (verdict && isStale(verdict) ? undefined : verdict))
    stale += of.verdicts.filter(Boolean).length - current.filter(Boolean).length
    verdicts.set(id, current)
  }
  return { verdicts, stale }
}
