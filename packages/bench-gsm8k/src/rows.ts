/**
 * The rows of one file, streamed. What a file is (Parquet, JSON lines, one JSON array) is decided by its first bytes,
 * never by its name; a row that is no GSM8K row is an error with file, line and what is wrong.
 */
import { open, readFile } from "node:fs/promises"
import { errorMessage, SwirlError } from "@swirl-ts/core"
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects, parquetSchema } from "hyparquet"
import { readLines } from "./lines.ts"
import { type Row, readRow } from "./task.ts"

export async function* readRows(file: string): AsyncGenerator<Row> {
  const kind = await kindOf(file)
  let count = 0
  const records = kind === "parquet" ? parquetRecords(file) : kind === "array" ? arrayRecords(file) : lineRecords(file)
  for await (const { where, value } of records) {
    const read = readRow(value)
    if ("problem" in read)
      throw new SwirlError(`${file}, ${where}: ${read.problem}. GSM8K rows have "question" and "answer".`)
    count++
    yield read.row
  }
  if (count === 0) throw new SwirlError(`${file} holds no question. Give GSM8K's JSON lines or Parquet file.`)
}

interface Located {
  /** `line 3`, `row 3`. */
  where: string
  value: unknown
}

async function kindOf(file: string): Promise<"parquet" | "array" | "lines"> {
  const handle = await open(file).catch((error: unknown) => {
    throw new SwirlError(`${file} cannot be read: ${errorMessage(error)}.`, { cause: error })
  })
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(512), 0, 512, 0)
    const head = buffer.subarray(0, bytesRead).toString("latin1")
    if (head.startsWith("PAR1")) return "parquet"
    return /^(\xef\xbb\xbf)?\s*\[/.test(head) ? "array" : "lines"
  } finally {
    await handle.close()
  }
}

async function* lineRecords(file: string): AsyncGenerator<Located> {
  let line = 0
  for await (const text of readLines(file)) {
    line++
    if (text.trim() === "") continue
    yield { where: `line ${line}`, value: parseJson(text, `${file}, line ${line}`) }
  }
}

async function* arrayRecords(file: string): AsyncGenerator<Located> {
  const values = parseJson((await readFile(file, "utf8")).replace(/^\ufeff/, ""), file) as unknown[]
  for (const [index, value] of values.entries()) yield { where: `row ${index}`, value }
}

/** One row group in memory at a time. */
async function* parquetRecords(file: string): AsyncGenerator<Located> {
  const columns = ["question", "answer"]
  const broken = (error: unknown): never => {
    throw new SwirlError(`${file} is a broken Parquet file: ${errorMessage(error)}. Download it again.`, {
      cause: error,
    })
  }
  const buffer = await asyncBufferFromFile(file)
  const metadata = await parquetMetadataAsync(buffer).catch(broken)
  const present = parquetSchema(metadata).children.map((child) => child.element.name)
  for (const column of columns) {
    if (!present.includes(column)) {
      throw new SwirlError(`${file} has no column "${column}"; its columns are ${present.join(", ")}.`)
    }
  }
  let start = 0
  for (const group of metadata.row_groups) {
    const end = start + Number(group.num_rows)
    const rows = await parquetReadObjects({ file: buffer, metadata, columns, rowStart: start, rowEnd: end }).catch(
      broken,
    )
    for (const [index, value] of rows.entries()) yield { where: `row ${start + index}`, value }
    start = end
  }
}

/** Parses one JSON value; `where` is for the message. */
export function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new SwirlError(`${where} is not JSON: ${errorMessage(error)}.`, { cause: error })
  }
}
