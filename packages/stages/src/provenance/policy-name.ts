/** A policy's name in the records of one folder, as they have it already or else its policySlug; and what there is of records. */
import { type OpenModel, type RunRecord, type Trajectory, TrajectorySchema } from "@swirl-ts/core"
import { hasRecord, policySlug, providerOf, type RunSpec, readRecords, type Settings } from "@swirl-ts/store"

export interface Policy {
  /** The model string. */
  model: string
  opened: Pick<OpenModel, "identity" | "identityIsDigest">
}

/** Whether a stage's records are of this policy: under a digest it may have lain elsewhere. */
export const isOfPolicy = (settings: Settings | undefined, { model, opened }: Policy): boolean =>
  settings?.identity === opened.identity && (settings.model === model || hasMoved(settings, { model, opened }))

/** The same weights under another path. */
export const hasMoved = (settings: Settings | undefined, { model, opened }: Policy): boolean =>
  opened.identityIsDigest === true &&
  settings?.identity === opened.identity &&
  typeof settings.model === "string" &&
  providerOf(settings.model) === providerOf(model)

/** Among the evaluations of a folder. `stageOf`: the stage of the cell that is evaluated now. */
export function evaluatedName(
  record: RunRecord | undefined,
  policy: Policy,
  stageOf: (name: string) => string,
): string {
  const spec = (record?.spec ?? {}) as RunSpec
  const own = policySlug(policy.model, policy.opened)
  const names = Object.entries(spec)
    .filter(([stage, settings]) => stage.startsWith("eval/") && isOfPolicy(settings, policy))
    .map(([stage]) => stage.split("/")[1]!)
  return names.find((name) => stageOf(name) in spec) ?? (names.includes(own) ? own : (names[0] ?? own))
}

/** Of the trajectories that a stage has generated, which `trajectories` is the file of. */
export async function generatedName(
  record: RunRecord | undefined,
  policy: Policy,
  { stage, trajectories, of }: { stage: string; trajectories: string; of: Made },
): Promise<string> {
  if (isOfPolicy((record?.spec as RunSpec | undefined)?.[stage], policy))
    for await (const made of readRecords(trajectories, TrajectorySchema)) if (isMade(made, of)) return made.policy
  return policySlug(policy.model, policy.opened)
}

export type Made = Pick<Trajectory, "benchmark" | "split">

const isMade = (trajectory: Trajectory, { benchmark, split }: Made): boolean =>
  trajectory.benchmark === benchmark && trajectory.split === split

/** Whether anything was made that binds: where all has failed, settings, data and prompts may be mended. */
export const hasMade = (trajectories: string, of: Made): Promise<boolean> =>
  hasRecord(trajectories, TrajectorySchema, (trajectory) => trajectory.status !== "error" && isMade(trajectory, of))
