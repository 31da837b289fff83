/** Two evaluations side by side: the cells that both have, each paired question by question. */
import type { CellResult, ChangedCell, Registry } from "@swirl-ts/core"
import { cellResult, changedCell } from "./cell-result.ts"
import { readEvaluation } from "./read-evaluation.ts"

export interface ComparedCell {
  cell: string
  base: CellResult
  result: ChangedCell
}

/** Paired comparison of all cells that two evaluations share. */
export async function compareEvaluations(
  registry: Registry,
  a: string,
  b: string,
  seed: number,
): Promise<ComparedCell[]> {
  const [before, after] = [await readEvaluation(registry, a), await readEvaluation(registry, b)]
  return [...before].flatMap(([cell, base]) => {
    const row = after.get(cell)
    return row ? [{ cell, base: cellResult(base), result: changedCell(base, row, seed) }] : []
  })
}
