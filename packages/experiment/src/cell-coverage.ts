/** Corpus coverage of an experiment's cells, from what the base's evaluations recorded: every row is asked the same questions. */
import { join } from "node:path"
import { type CellCoverage, readCoverage, type StageContext } from "@swirl-ts/stages"
import { evaluatedPolicies, runPaths } from "@swirl-ts/store"
import type { Asked } from "./asked-ids.ts"
import { baseRow } from "./experiment.ts"
import type { EvaluateJob } from "./plan.ts"

/** By the name of the cell; without those whose benchmark knows no gold passages, and those that were evaluated before it was recorded. */
export async function cellCoverage(
  { directory }: Pick<StageContext, "directory">,
  asked: Asked,
  jobs: readonly EvaluateJob[],
): Promise<ReadonlyMap<string, CellCoverage>> {
  const found = new Map<string, CellCoverage>()
  for (const { row, folder } of jobs) {
    if (row !== baseRow) continue
    for (const policy of await evaluatedPolicies(join(directory, folder))) {
      for (const [{ name, benchmark, split }, ids] of asked) {
        if (found.has(name)) continue
        const { coverage } = runPaths(join(directory, folder)).evaluation(policy, benchmark)
        const counted = await readCoverage(coverage, { benchmark, split }, ids)
        if (counted) found.set(name, counted)
      }
    }
  }
  return found
}
