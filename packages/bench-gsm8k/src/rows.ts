/** The rows of one file, streamed; a row that is no GSM8K row is an error with file, line and what is wrong. */
import { readRecords } from "@swirl-ts/bench-kit"
import { SwirlError } from "@swirl-ts/core"
import { type Row, readRow } from "./task.ts"

export async function* readRows(file: string): AsyncGenerator<Row> {
  let count = 0
  for await (const { where, value } of readRecords(file)) {
    const read = readRow(value)
    if ("problem" in read) throw new SwirlError(`${where}: ${read.problem}. GSM8K rows have "question" and "answer".`)
    count++
    yield read.row
  }
  if (count === 0) throw new SwirlError(`${file} holds no question. Give GSM8K's JSON lines or Parquet file.`)
}
