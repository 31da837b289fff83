/** Scores of an evaluation whose shards a cluster has made, read from the merged records. */
import { dirname } from "node:path"
import type { Cell, CellResult } from "@swirl-ts/core"
import { cellResult, readEvaluation } from "@swirl-ts/stages"
import { evaluatedPolicies, runPaths } from "@swirl-ts/store"
import type { CommandContext } from "./context.ts"

export interface MergedCell extends Cell, CellResult {
  policy: string
  metric: string
}

export async function mergedCells({ registry, directory }: CommandContext): Promise<MergedCell[]> {
  const cells: MergedCell[] = []
  for (const policy of await evaluatedPolicies(directory)) {
    const found = await readEvaluation(registry, dirname(runPaths(directory).evaluation(policy, "").coverage))
    for (const { samples, facts, ...cell } of found.values())
      cells.push({ policy, ...cell, ...cellResult({ samples, facts, metric: cell.metric }) })
  }
  return cells
}
