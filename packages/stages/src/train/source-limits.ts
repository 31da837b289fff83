/**
 * Within which limits the trajectories of a training were made, so that its fresh roll-outs and episodes are made within the
 * same. Where several folders of one benchmark say different ones, each limit is the tightest.
 */
import type { Limits } from "@swirl-ts/core"
import { isObject } from "@swirl-ts/kit"
import { type RunSpec, readRun } from "@swirl-ts/store"
import { generateStage } from "../tasks.ts"
import type { SourceFolder } from "./followed-selection.ts"

/** Undefined: the benchmark's own. `benchmark` in full. */
export type LimitsOf = (benchmark: string, split: string) => Partial<Limits> | undefined

const names = ["toolCalls", "steps", "stepTokens", "trajectoryTokens"] as const

export async function sourceLimits(sources: readonly SourceFolder[]): Promise<LimitsOf> {
  const found = new Map<string, Partial<Limits>>()
  for (const { directory, trajectories } of sources) {
    const spec = ((await readRun(directory))?.spec ?? {}) as RunSpec
    for (const stage of new Set(trajectories.map(({ benchmark, split }) => generateStage(benchmark, split)))) {
      const said = spec[stage]?.limits
      if (!isObject(said)) continue
      const tightest: Partial<Limits> = { ...found.get(stage) }
      for (const name of names) {
        const limit = said[name]
        if (typeof limit === "number") tightest[name] = Math.min(limit, tightest[name] ?? limit)
      }
      found.set(stage, tightest)
    }
  }
  return (benchmark, split) => found.get(generateStage(benchmark, split))
}
