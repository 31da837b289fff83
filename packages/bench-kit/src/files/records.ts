/**
 * The records of one file, streamed. What a file is (Parquet, JSON array, an object with an array in it, JSON Lines) is
 * decided by its first bytes, never by its name; memory does not grow with its size. A file that was written to meanwhile
 * is an error: its records are of no one version.
 */
import { open } from "node:fs/promises"
import { errorMessage } from "@swirl-ts/core"
import { BrokenFile, fileVersion, textLines, whileUnchanged } from "@swirl-ts/kit"
import { streamElements } from "./json-stream.ts"
import { type DatasetRecord, holdsArrayAt, parseDocument } from "./parse.ts"
import { checkFormat } from "./unread-formats.ts"

/** `at`: the key of an object that holds the array, as in BeerQA's files. Throws a SwirlError with file and place. */
export async function* readRecords(file: string, { at }: { at?: string } = {}): AsyncGenerator<DatasetRecord> {
  const before = fileVersion(file)
  const read = () => recordsOf(file, at)
  if (before) yield* whileUnchanged(file, before, read, ({ where }) => where)
  else yield* read()
}

async function* recordsOf(file: string, at: string | undefined): AsyncGenerator<DatasetRecord> {
  const bytes = await headOf(file)
  checkFormat(file, bytes)
  const head = bytes.toString("utf8").replace(/^\ufeff/, "")
  // Loaded on demand: its codecs take longer to load than most files to read.
  if (head.startsWith("PAR1")) yield* (await import("./parquet.ts")).parquetRows(file)
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
  if (empty) throw new BrokenFile(`${file} is empty. Download it again, or give another file.`)
}

const unreadable = (file: string, error: unknown): BrokenFile =>
  new BrokenFile(`${file} cannot be read: ${errorMessage(error)}.`, { cause: error })

/** The first 4,096 bytes. */
async function headOf(file: string): Promise<Buffer> {
  const handle = await open(file).catch((error: unknown) => {
    throw unreadable(file, error)
  })
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4096), 0, 4096, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}
