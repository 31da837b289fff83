/** What a matrix says beyond its single lines: trainings over their seeds, declared contrasts, columns, and p-values of whole tables. */
import type { Matrix, MatrixRow } from "@swirl-ts/core"
import type { CellCoverage, StageContext } from "@swirl-ts/stages"
import type { ExperimentCell } from "./cells.ts"
import { contrastsOf } from "./contrasts.ts"
import { whenDeclared } from "./declared.ts"
import type { Experiment } from "./experiment.ts"
import { familiesOf } from "./families.ts"
import { correctForMany } from "./holm-table.ts"
import { matrixColumns } from "./matrix-columns.ts"
import type { Measured } from "./measured.ts"
import { trainingsOverSeeds } from "./over-seeds.ts"

/** Gives the changes of `rows` their `pHolm`: the three tables are three families. */
export function beyondLines(
  { registry }: StageContext,
  experiment: Experiment,
  lines: {
    cells: readonly ExperimentCell[]
    rows: readonly MatrixRow[]
    measured: Measured
    coverage: ReadonlyMap<string, CellCoverage>
    /** The matrix that the folder has. */
    earlier: Pick<Matrix, "contrasts"> | undefined
  },
): Pick<Matrix, "seeds" | "overSeeds" | "contrasts" | "columns" | "selection"> {
  const { cells, rows, measured, coverage, earlier } = lines
  const offDiagonal = ({ train }: { train: string[] }) => familiesOf(registry, train, cells).offDiagonal
  const overSeeds = trainingsOverSeeds(experiment, cells, measured, offDiagonal)
  const contrasts = whenDeclared(contrastsOf(experiment, cells, measured), earlier)
  correctForMany(rows.flatMap((row) => Object.values(row.cells).map(({ change }) => change)))
  correctForMany(
    overSeeds.flatMap((row) => [...Object.values(row.cells).map(({ change }) => change), row.offDiagonal ?? []].flat()),
  )
  correctForMany(contrasts.flatMap((contrast) => [...Object.values(contrast.cells), contrast.mean ?? []].flat()))
  return {
    seeds: experiment.seeds,
    overSeeds: overSeeds.length > 0 ? overSeeds : undefined,
    contrasts: contrasts.length > 0 ? contrasts : undefined,
    columns: matrixColumns(registry, experiment, { cells, measured, coverage }),
    selection:
      experiment.trainings.length > 0
        ? "A row is the checkpoint that its training ended with; none was chosen by its score in these cells."
        : undefined,
  }
}
