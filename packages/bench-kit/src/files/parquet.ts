/** The rows of a Parquet file as plain objects, one row group in memory at a time. */
import { errorMessage, SwirlError } from "@swirl-ts/core"
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from "hyparquet"
import type { DatasetRecord } from "./parse.ts"

export async function* parquetRows(file: string): AsyncGenerator<DatasetRecord> {
  const broken = (error: unknown): never => {
    throw new SwirlError(`${file} is a broken Parquet file: ${errorMessage(error)}. Download it again.`, {
      cause: error,
    })
  }
  const buffer = await asyncBufferFromFile(file)
  const metadata = await parquetMetadataAsync(buffer).catch(broken)
  let start = 0
  for (const group of metadata.row_groups) {
    const end = start + Number(group.num_rows)
    const rows = await parquetReadObjects({ file: buffer, metadata, rowStart: start, rowEnd: end }).catch(broken)
    for (const [index, row] of rows.entries()) yield { where: `${file}, row ${start + index}`, value: plain(row) }
    start = end
  }
}

/** 64-bit integers come as bigint, which JSON does not know. */
function plain(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value)
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value) || value instanceof Date) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]))
}
