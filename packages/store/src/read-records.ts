/**
 * Reads a JSONL record file as a stream: one line in memory at a time. A torn last line is passed over (a kill or a power
 * cut while it was written), any other line that cannot be read is an error that names file and line. Of a file that is not
 * there its copy `<name>.gz` is read, as records that are kept for good are.
 */
import { SwirlError } from "@swirl-ts/core"
import { byteLines, onDisk } from "@swirl-ts/kit"
import { existsSync, isUtf8, statSync } from "@swirl-ts/platform"
import type { ZodType, z } from "zod"
import { brokenRecord, wrongRecord } from "./broken-record.ts"
import { type Migrations, migrate, migrations } from "./migrations.ts"

export interface ReadOptions<T = unknown> {
  /** What makes a record itself; default: its `id`. Records without one are all kept. */
  idOf?: (record: T) => string | undefined
  migrations?: Migrations
}

/** Records in file order, each id once (the first). A file that does not exist has none. */
export async function* readRecords<S extends ZodType>(
  path: string,
  schema: S,
  options: ReadOptions<z.infer<S>> = {},
): AsyncGenerator<z.infer<S>> {
  const idOf = options.idOf ?? ownId
  const seen = new Set<string>()
  for await (const { record } of scanRecords(path, schema, options)) {
    const id = idOf(record)
    if (id !== undefined) {
      if (seen.has(id)) continue
      seen.add(id)
    }
    yield record
  }
}

/** Whether a file holds a record (that `wanted` accepts); reads no further than the first. */
export async function hasRecord<S extends ZodType>(
  path: string,
  schema: S,
  wanted: (record: z.infer<S>) => boolean = () => true,
): Promise<boolean> {
  for await (const { record } of scanRecords(path, schema)) if (wanted(record)) return true
  return false
}

/** Of a compressed record file. */
export const packed = ".gz"

export interface ScannedRecord<T> {
  record: T
  /** Bytes of the line, without its newline. */
  start: number
  end: number
  /** False only for a last line whose newline is missing. */
  terminated: boolean
}

export async function* scanRecords<S extends ZodType>(
  path: string,
  schema: S,
  options: Pick<ReadOptions, "migrations"> = {},
): AsyncGenerator<ScannedRecord<z.infer<S>>> {
  const found = await onDisk("read", path, async () => statSync(path, { throwIfNoEntry: false }))
  if (!found) {
    if (!path.endsWith(packed) && existsSync(path + packed)) yield* scanRecords(path + packed, schema, options)
    return
  }
  if (!found.isFile()) throw new SwirlError(`${path} is not a file. Use another path.`, { kind: "usage" })
  let torn: { line: number; error: unknown } | undefined
  for await (const line of byteLines(path)) {
    if (torn) throw brokenLine(path, torn.line, torn.error)
    const mark = line.start === 0 && line.bytes.subarray(0, 3).equals(byteOrderMark) ? 3 : 0
    const bytes = line.bytes.subarray(mark)
    const text = bytes.toString("utf8")
    if (text.trim() === "") continue
    let value: unknown
    try {
      value = JSON.parse(text)
    } catch (error) {
      if (!canBeTorn(text, line.terminated)) throw brokenLine(path, line.number, error)
      // Whether it is the last line is known at the next.
      torn = { line: line.number, error }
      continue
    }
    if (!isUtf8(bytes)) throw brokenLine(path, line.number, "its bytes are no UTF-8")
    yield {
      record: parseRecord(value, schema, options.migrations, path, line.number),
      start: line.start + mark,
      end: line.start + line.bytes.length,
      terminated: line.terminated,
    }
  }
}

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf])

/** The beginning of a record; or zeros, which some file systems leave where a power cut came before the bytes. */
const canBeTorn = (text: string, terminated: boolean): boolean =>
  text.includes("\0") || (!terminated && text.startsWith("{"))

export function parseRecord<S extends ZodType>(
  value: unknown,
  schema: S,
  table: Migrations = migrations,
  path: string,
  line?: number,
): z.infer<S> {
  const migrated = migrate(value, table)
  const { data, error } = schema.safeParse(migrated)
  if (error) throw wrongRecord({ path, line, id: ownId(migrated) }, migrated, error, lineAdvice)
  return data as z.infer<S>
}

export function ownId(record: unknown): string | undefined {
  const id = (record as { id?: unknown } | null)?.id
  return typeof id === "string" ? id : undefined
}

const lineAdvice = "Repair or delete that line; only a torn last line is put right by itself."

const brokenLine = (path: string, line: number, error: unknown): SwirlError =>
  brokenRecord({ path, line }, error, lineAdvice)
