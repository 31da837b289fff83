/** Rows of a matrix as a command prints them: `local:<checkpoint>` opens from every folder. In the record it is seen from the experiment's own. */
import { resolve } from "node:path"
import type { Matrix } from "@swirl-ts/core"

export const openableRows = (rows: Matrix["rows"], directory: string): Matrix["rows"] =>
  rows.map((row) => (row.checkpoint === undefined ? row : { ...row, checkpoint: resolve(directory, row.checkpoint) }))
