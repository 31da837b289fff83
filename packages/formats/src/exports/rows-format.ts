/** Formats whose file is a table: JSON Lines, and Parquet where the columns are known. */
import type { ExportFormat, LeftOut } from "./export-format.ts"
import type { ExportItem } from "./export-item.ts"
import { createLinesFile } from "./files/lines-file.ts"
import { type Columns, createParquetFile } from "./files/parquet-file.ts"

export type Row = Readonly<Record<string, unknown>>

interface RowsFormat extends Omit<ExportFormat, "destination" | "write"> {
  /** Of one trajectory. */
  rows?(item: ExportItem, leftOut: LeftOut): readonly Row[]
  /** Where rows take several trajectories: told of all of them, one after another. */
  collect?(): (item: ExportItem, leftOut: LeftOut) => readonly Row[]
  /** Of the Parquet file; without, there is none. */
  columns?: Columns
}

export function rowsFormat({ rows, collect, columns, ...format }: RowsFormat): ExportFormat {
  return {
    ...format,
    destination: { endings: columns ? [".jsonl", ".parquet"] : [".jsonl"] },
    async write(items, { path, ending }, leftOut) {
      const rowsOf = rows ?? collect!()
      const file =
        ending === ".parquet" && columns ? await createParquetFile(path, columns) : await createLinesFile(path)
      let count = 0
      try {
        for await (const item of items) {
          for (const row of rowsOf(item, leftOut)) {
            await file.write(row)
            count++
          }
        }
      } finally {
        await file.close()
      }
      return [{ name: "", rows: count }]
    },
  }
}
