/** Every table of a matrix in reading order: checkpoints, seeds, contrasts, then what they stand on. The text, Markdown and LaTeX are these. */
import type { ReportMatrix } from "../data.ts"
import { behaviourTable } from "./behaviour.ts"
import { budgetTable } from "./budgets.ts"
import { checkpointTable } from "./checkpoints.ts"
import { columnTable, publishedTable } from "./columns.ts"
import { costTable } from "./costs.ts"
import { contrastTable, seedsTable } from "./over-seeds.ts"
import { protocolTable } from "./protocol.ts"
import type { Table } from "./table.ts"

export const matrixTables = (matrix: ReportMatrix): Table[] => [checkpointTable(matrix), ...furtherTables(matrix)]

/** Those beside the checkpoints; none where the matrix has nothing to say of them. */
const furtherTables = (matrix: ReportMatrix): Table[] =>
  [
    protocolTable,
    behaviourTable,
    seedsTable,
    contrastTable,
    budgetTable,
    costTable,
    columnTable,
    publishedTable,
  ].flatMap((make) => make(matrix) ?? [])
