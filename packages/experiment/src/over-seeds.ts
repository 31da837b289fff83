/** The trainings of an experiment over their seeds: what is said of an algorithm, beside the rows, which say it of a checkpoint. */
import type { SeedsRow } from "@swirl-ts/core"
import { mean } from "@swirl-ts/stats"
import type { ExperimentCell } from "./cells.ts"
import { baseRow, type Experiment, type PlannedTraining } from "./experiment.ts"
import type { Measured } from "./measured.ts"
import { seedTable, seedTables } from "./seed-table.ts"
import { seedsChange } from "./seeds-change.ts"

/** `offDiagonal` says which cells are of tasks that a training has seen nothing like. */
export function trainingsOverSeeds(
  { trainings, seeds }: Experiment,
  cells: readonly ExperimentCell[],
  measured: Measured,
  offDiagonal: (training: PlannedTraining) => readonly ExperimentCell[],
): SeedsRow[] {
  return trainings.flatMap((training) => {
    const { name } = training
    const pairs = cells.map((cell) => ({ cell, pairs: measured.pairs(baseRow, name, cell) }))
    const own = pairs.flatMap((each) => seedTable(each.cell, each.pairs) ?? [])
    if (own.length === 0) return []
    const unseen = offDiagonal(training)
    const transfer = seedTables(pairs.filter(({ cell }) => unseen.includes(cell)))
    return {
      name,
      seeds: seeds.filter((seed) => own.some((table) => table.seeds.includes(seed))),
      cells: Object.fromEntries(
        own.map((table) => [table.cell.name, { accuracy: mean(table.scores.map(mean)), change: seedsChange([table]) }]),
      ),
      offDiagonal:
        transfer.length > 0 ? { ...seedsChange(transfer), cells: transfer.map(({ cell }) => cell.name) } : undefined,
    }
  })
}
