/** What the columns of a matrix are, whatever row stands in them: what their corpus holds, what they could show, and what others published. */
import type { MatrixColumn, Registry } from "@swirl-ts/core"
import type { CellCoverage } from "@swirl-ts/stages"
import { mean, minimumDetectableEffect } from "@swirl-ts/stats"
import type { ExperimentCell } from "./cells.ts"
import { baseRow, type Experiment } from "./experiment.ts"
import type { Measured } from "./measured.ts"

export const matrixColumns = (
  registry: Registry,
  experiment: Experiment,
  {
    cells,
    measured,
    coverage,
  }: { cells: readonly ExperimentCell[]; measured: Measured; coverage: ReadonlyMap<string, CellCoverage> },
): Record<string, MatrixColumn> =>
  Object.fromEntries(
    cells.map((cell): [string, MatrixColumn] => {
      const { references = [] } = registry.resolve("benchmarks", cell.benchmark).value
      const published = references.map(({ what, metric, value, citation }) => ({ what, metric, value, citation }))
      return [
        cell.name,
        {
          coverage: coverage.get(cell.name),
          minimumDetectableEffect: detectable(experiment, cell, measured),
          published: published.length > 0 ? published : undefined,
        },
      ]
    }),
  )

/** From all pairs of trainings with the base together; for as many questions as the row with the fewest has. */
function detectable({ trainings }: Experiment, cell: ExperimentCell, measured: Measured): number | undefined {
  const rows = trainings.flatMap(({ name }) => measured.pairs(baseRow, name, cell)).map(({ questions }) => questions)
  if (rows.length === 0) return undefined
  // Of right/wrong scores this is the share of questions that differ.
  const squared = mean(rows.flat().map(({ before, after }) => (after - before) ** 2))
  const fewest = Math.min(...rows.map(({ length }) => length))
  return squared > 0 ? minimumDetectableEffect(fewest, Math.sqrt(squared)) : undefined
}
