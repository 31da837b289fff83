/** Which trajectories a strategy keeps, as a record. It asks no judge: verdicts are there, or a trajectory is unscored. */
import {
  applyFilter,
  callPlugin,
  type Filter,
  type FilterRecord,
  PluginFailure,
  SwirlError,
  whoseIs,
} from "@swirl-ts/core"
import type { StageContext } from "../context.ts"
import { digestOf, type Material } from "./material.ts"
import { officialOutcomes } from "./trajectory-tasks.ts"

export interface SelectionNames {
  strategy: string
  judge: string
  outcomeJudge?: string
}

export async function select(
  context: StageContext,
  material: Material,
  filter: Filter,
  names: SelectionNames,
): Promise<FilterRecord> {
  const { directory, trajectories, steps, outcomes } = material
  const again = `swirl judge --judge ${names.judge} --run ${directory}`
  if (steps && ![...steps.verdicts.values()].some((verdicts) => verdicts.some(Boolean))) {
    throw new SwirlError(
      steps.stale > 0
        ? `All ${steps.stale} verdicts of judge ${names.judge} in ${directory} are stale: their questions have other trajectories now. Judge again: ${again}`
        : `No step in ${directory} has a verdict of judge ${names.judge}. Judge first: ${again}`,
      { kind: "usage" },
    )
  }
  if (steps && steps.stale > 0)
    context.host.log(
      `${steps.stale} verdicts of ${names.judge} in ${directory} are stale, their questions have other trajectories now: they count as none. Judge again: ${again}`,
    )
  const official = await officialOutcomes(context, directory, trajectories)
  const right = filter.needs.includes("outcome") ? (outcomes?.right ?? official) : undefined
  const { kept, counts } = applyFilter(
    { ...filter, keep: namedKeep(whoseIs(context.registry.resolve("filters", names.strategy)), filter) },
    trajectories.map((trajectory) => ({
      trajectory,
      verdicts: steps?.verdicts.get(trajectory.id) ?? [],
      outcome: right?.get(trajectory.id),
    })),
  )
  return {
    schema: "swirl.filter/1",
    strategy: names.strategy,
    judge: names.judge,
    judgeIdentities: steps?.identities,
    outcomeJudge: outcomes && names.outcomeJudge,
    outcomeIdentities: outcomes?.identities,
    madeOver: digestOf(material),
    total: counts.total,
    dropped: counts.dropped,
    unscored: counts.unscored,
    keptRight: kept.filter(({ trajectory }) => official.get(trajectory.id)).length,
    kept: counts.kept,
    ids: kept.map(({ trajectory }) => trajectory.id),
  }
}

/** A filter's `keep`, which has to say yes or no at once: a promise of no would keep everything. */
export function namedKeep(whose: string, filter: Filter): Filter["keep"] {
  return (input) => {
    const kept: unknown = callPlugin({ whose, what: "keep" }, () => filter.keep(input))
    if (typeof kept === "boolean") return kept
    const isPromise = kept instanceof Promise
    if (isPromise) kept.catch(() => undefined)
    throw new PluginFailure(
      `${whose}: keep gave ${isPromise ? "a promise" : JSON.stringify(kept)} for trajectory ${input.trajectory.id}; it has to give true or false.`,
    )
  }
}
