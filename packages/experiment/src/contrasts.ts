/** The contrasts that an experiment declares: two rows on the same seeds and questions. */
import type { ContrastResult } from "@swirl-ts/core"
import type { ExperimentCell } from "./cells.ts"
import { contrastName, type Experiment } from "./experiment.ts"
import type { Measured } from "./measured.ts"
import { seedTable, seedTables } from "./seed-table.ts"
import { seedsChange } from "./seeds-change.ts"

/** A contrast that nothing was measured for stands there without a cell. */
export function contrastsOf(
  { contrasts }: Experiment,
  cells: readonly ExperimentCell[],
  measured: Measured,
): ContrastResult[] {
  return contrasts.map((contrast) => {
    const { of, against, cells: asked } = contrast
    const pairs = cells
      .filter((cell) => asked?.includes(cell.name) ?? true)
      .map((cell) => ({ cell, pairs: measured.pairs(against, of, cell) }))
    const each = pairs.flatMap(({ cell, pairs }) => seedTable(cell, pairs) ?? [])
    const all = seedTables(pairs)
    return {
      name: contrastName(contrast),
      of,
      against,
      asked,
      cells: Object.fromEntries(each.map((table) => [table.cell.name, seedsChange([table])])),
      mean: all.length > 1 ? { ...seedsChange(all), cells: all.map(({ cell }) => cell.name) } : undefined,
    }
  })
}
