/**
 * The rows of a Parquet file as plain objects, one row group in memory at a time, whichever codec its writer used. What is
 * broken and what this reader does not know are different sentences: the one is fetched again, the other written anew.
 */

import { errorMessage } from "@swirl-ts/core"
import { BrokenFile } from "@swirl-ts/kit"
import {
  asyncBufferFromFile,
  type Compressors,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
} from "hyparquet"
import { compressors as given } from "hyparquet-compressors"
import type { DatasetRecord } from "./parse.ts"

/** A page without content, as a column of nulls has, is no matter for a codec: that of LZ4 stumbles over it. */
const compressors: Compressors = Object.fromEntries(
  Object.entries(given).map(([codec, decompress]) => [
    codec,
    (input: Uint8Array, length: number) => (length === 0 ? new Uint8Array(0) : decompress(input, length)),
  ]),
)

export async function* parquetRows(file: string): AsyncGenerator<DatasetRecord> {
  const stop = (error: unknown): never => {
    throw problem(file, error)
  }
  const buffer = await asyncBufferFromFile(file)
  const metadata = await parquetMetadataAsync(buffer).catch(stop)
  checkCodecs(file, metadata)
  let start = 0
  for (const group of metadata.row_groups) {
    const end = start + Number(group.num_rows)
    const rows = await parquetReadObjects({ file: buffer, metadata, compressors, rowStart: start, rowEnd: end }).catch(
      stop,
    )
    for (const [index, row] of rows.entries()) yield { where: `${file}, row ${start + index}`, value: plain(row) }
    start = end
  }
}

/** Before a row is read, so that no run begins with the groups of a file whose others cannot be read. */
function checkCodecs(file: string, { row_groups }: FileMetaData): void {
  for (const { columns } of row_groups) {
    for (const { meta_data: column } of columns) {
      if (!column || column.codec === "UNCOMPRESSED" || compressors[column.codec]) continue
      const codec = column.codec ?? "a codec of a later Parquet version"
      throw unsupported(file, `its column ${column.path_in_schema.join(".")} is compressed by ${codec}`)
    }
  }
}

/** What hyparquet says of parts of the format that it does not read. A kind of value that Thrift does not have is none: it is a broken header. */
const unknownPart = /unsupported (?!.*undefined)|not supported|parquet unhandled type/i

const problem = (file: string, error: unknown): BrokenFile =>
  unknownPart.test(errorMessage(error))
    ? unsupported(file, errorMessage(error), error)
    : new BrokenFile(
        `${file} is a broken Parquet file: ${errorMessage(error)}. Download it again, or give another file.`,
        { cause: error },
      )

const unsupported = (file: string, what: string, cause?: unknown): BrokenFile =>
  new BrokenFile(
    `${file} is a Parquet file that cannot be read here, though nothing says that it is broken: ${what}. Write it anew with one of ${known}, e.g. by pandas: pd.read_parquet(a).to_parquet(b), or give JSON lines.`,
    { cause },
  )

const known = ["UNCOMPRESSED", ...Object.keys(compressors)].join(", ")

/** 64-bit integers come as bigint, which JSON does not know. */
function plain(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value)
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value) || value instanceof Date) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]))
}
