/**
 * The records of one file, streamed. What a file is (Parquet, JSON array, an object with an array in it, JSON Lines) is
 * decided by its first bytes, never by its name; memory does not grow with its size.
 */
import { open } from "node:fs/promises"
import { errorMessage, SwirlError } from "@swirl-ts/core"
import { textLines } from "@swirl-ts/kit"
import { streamElements } from "./json-stream.ts"
import { parquetRows } from "./parquet.ts"
import { type DatasetRecord, holdsArrayAt, parseDocument } from "./parse.ts"

/** `at`: the key of an object that holds the array, as in BeerQA's files. Throws a SwirlError with file and place. */
export async function* readRecords(file: string, { at }: { at?: string } = {}): AsyncGenerator<DatasetRecord> {
  const head = await headOf(file)
  if (head.startsWith("PAR1")) yield* parquetRows(file)
  else if (/^\s*\[/.test(head)) yield* streamElements(file, "$.*")
  else if (at !== undefined && holdsArrayAt(head, at)) yield* streamElements(file, `$.${at}.*`)
  else yield* lineRecords(file)
}

async function* lineRecords(file: string): AsyncGenerator<DatasetRecord> {
  let line = 0
  let empty = true
  for await (const text of textLines(file)) {
    line++
    if (text.trim() === "") continue
    empty = false
    const where = `${file}, line ${line}`
    yield { where, value: parseDocument(text, where) }
  }
  if (empty) throw new SwirlError(`${file} is empty. Download it again, or give another file.`)
}

/** The first 4,096 bytes as text, without a byte order mark. */
async function headOf(file: string): Promise<string> {
  const handle = await open(file).catch((error: unknown) => {
    throw new SwirlError(`${file} cannot be read: ${errorMessage(error)}.`, { cause: error })
  })
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4096), 0, 4096, 0)
    return buffer
      .subarray(0, bytesRead)
      .toString("utf8")
      .replace(/^\ufeff/, "")
  } finally {
    await handle.close()
  }
}
