/** How a row of the matrix is called. */
import type { ReportRow } from "../../src/data.ts"
import { isGamed } from "../../src/matrix-facts.ts"

export const rowLabel = ({ name, seed }: Pick<ReportRow, "name" | "seed">): string =>
  seed === undefined ? name : `${name} #${seed}`

/** What must not be missed about it. */
export const rowNotes = (row: ReportRow): string[] => [
  ...(row.oracle ? ["oracle judge"] : []),
  ...(isGamed(row) ? ["gamed its judge"] : []),
  ...(row.stopped ? [`stopped, policy of step ${row.stopped.checkpoint}`] : []),
  ...(row.kind === "reference" ? ["measured only"] : []),
]
