/** Recorded verdicts on steps, read back by trajectory. */
import { type Trajectory, type VerdictRecord, VerdictSchema } from "@swirl-ts/core"
import { readRecords, runPaths } from "@swirl-ts/store"
import type { Identities } from "./open-judge.ts"

/** In step order; undefined where a step has no verdict. */
export type StepVerdicts = (VerdictRecord | undefined)[]

/** Verdicts of one judge, `identities` by benchmark. The last verdict of a step counts. */
export async function readVerdicts(
  directory: string,
  trajectories: readonly Trajectory[],
  identities: Identities,
): Promise<Map<string, StepVerdicts>> {
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
  return new Map([...found].map(([id, { verdicts }]) => [id, verdicts]))
}
