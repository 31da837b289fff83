/** How a row of the matrix is called. */
import type { ReportRow } from "../../src/data.ts"
import { isGamed } from "../../src/matrix-facts.ts"
import type { Run } from "./run.ts"

/** As its samples are, where they are in this folder. */
export function rowLabel({ summary }: Run, number: number): string {
  const { name, seed } = summary.matrix!.rows[number]!
  const own = seed === undefined ? name : `${name} #${seed}`
  return summary.groups.find(({ row }) => row === number)?.label ?? own
}

/** What must not be missed about it. */
export const rowNotes = (row: ReportRow): string[] => [
  ...(row.oracle ? ["oracle judge"] : []),
  ...(isGamed(row) ? ["gamed its judge"] : []),
  ...(row.stopped ? [`stopped, policy of step ${row.stopped.checkpoint}`] : []),
  ...(row.kind === "reference" && row.model === undefined ? ["measured only"] : []),
]
