/**
 * What a selection is made over: a run folder's trajectories, with the verdicts that its strategy asks for. The digest of
 * it stands in the selection, so that one is known to be out of date when trajectories or verdicts have come since.
 */
import { contentHash, type Filter, type Trajectory } from "@swirl-ts/core"
import { type Identities, identitiesOf, type OpenJudge } from "../judge/open-judge.ts"
import { readOutcomes } from "../judge/outcomes.ts"
import { readVerdicts, type StepVerdicts } from "../judge/verdicts.ts"

export interface Material {
  directory: string
  trajectories: readonly Trajectory[]
  /** Where the strategy asks for verdicts on steps. */
  steps?: { identities: Identities; verdicts: ReadonlyMap<string, StepVerdicts>; stale: number }
  /** Where an outcome judge stands in for the official score: what it said of each answer, nothing where it gave no verdict. */
  outcomes?: { identities: Identities; right: ReadonlyMap<string, boolean> }
}

/** `outcomeIdentities`: those of the outcome judge, where one stands in for the official score. */
export async function readMaterial(
  { directory, trajectories }: Pick<Material, "directory" | "trajectories">,
  { needs }: Pick<Filter, "needs">,
  judge: OpenJudge,
  outcomeIdentities?: Identities,
): Promise<Material> {
  const material: Material = { directory, trajectories }
  if (needs.includes("process")) {
    const identities = await identitiesOf(judge, trajectories)
    material.steps = { identities, ...(await readVerdicts(directory, trajectories, judge)) }
  }
  if (outcomeIdentities) {
    const records = await readOutcomes(directory, new Set(Object.values(outcomeIdentities)))
    const right = [...records.values()].flatMap(({ trajectoryId, verdict }) =>
      verdict === "unscored" ? [] : [[trajectoryId, verdict === "good"] as const],
    )
    material.outcomes = { identities: outcomeIdentities, right: new Map(right) }
  }
  return material
}

export function digestOf({ trajectories, steps, outcomes }: Material): string {
  return contentHash(
    trajectories.map(({ id, status, answer }) => [
      id,
      status,
      answer,
      steps?.verdicts.get(id)?.map((verdict) => verdict?.verdict),
      outcomes?.right.get(id),
    ]),
  )
}
