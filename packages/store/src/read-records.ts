/**
 * Reads a JSONL record file as a stream: one line in memory at a time. A torn last line is passed over (a kill while
 * it was written), any other line that cannot be read is an error that names file and line.
 */
import { type FileHandle, open } from "node:fs/promises"
import { errorMessage, SwirlError, schemaProblem } from "@swirl-ts/core"
import { diskError } from "@swirl-ts/kit"
import type { ZodType, z } from "zod"
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
  let torn: { line: number; error: unknown } | undefined
  for await (const line of scanLines(path)) {
    if (torn) throw brokenLine(path, torn.line, torn.error)
    const text = line.bytes.toString("utf8")
    if (text.trim() === "") continue
    let value: unknown
    try {
      value = JSON.parse(text)
    } catch (error) {
      // The last line may be torn; whether this is the last one is known at the next.
      torn = { line: line.number, error }
      continue
    }
    yield {
      record: parseRecord(value, schema, options.migrations, path, line.number),
      start: line.start,
      end: line.start + line.bytes.length,
      terminated: line.terminated,
    }
  }
}

export function parseRecord<S extends ZodType>(
  value: unknown,
  schema: S,
  table: Migrations = migrations,
  path: string,
  line?: number,
): z.infer<S> {
  const migrated = migrate(value, table)
  const parsed = schema.safeParse(migrated)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]!
  const found = (value as { schema?: unknown } | null)?.schema
  const hint = issue.path[0] === "schema" ? ` It says schema ${JSON.stringify(found)}.` : ""
  throw brokenLine(path, line, `${schemaProblem(issue, migrated)}.${hint}`)
}

export function ownId(record: unknown): string | undefined {
  const id = (record as { id?: unknown } | null)?.id
  return typeof id === "string" ? id : undefined
}

function brokenLine(path: string, line: number | undefined, error: unknown): SwirlError {
  const where = line === undefined ? path : `${path}, line ${line}`
  return new SwirlError(
    `${where} is not a record that can be read: ${errorMessage(error)} Repair or delete that line; only a torn last line is put right by itself.`,
    { cause: error },
  )
}

interface Line {
  bytes: Buffer
  number: number
  start: number
  terminated: boolean
}

async function* scanLines(path: string): AsyncGenerator<Line> {
  let handle: FileHandle
  try {
    handle = await open(path, "r")
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return
    throw diskError(error, "read", path)
  }
  try {
    const stat = await handle.stat()
    if (!stat.isFile()) throw new SwirlError(`${path} is not a file. Use another path.`)
    const chunk = Buffer.allocUnsafe(1 << 18)
    let pieces: Buffer[] = []
    let number = 1
    let start = 0
    let position = 0
    for (;;) {
      const { bytesRead } = await handle.read(chunk, 0, chunk.length, position)
      if (bytesRead === 0) break
      let from = 0
      for (let at = chunk.indexOf(10, 0); at !== -1 && at < bytesRead; at = chunk.indexOf(10, from)) {
        pieces.push(Buffer.from(chunk.subarray(from, at)))
        yield { bytes: pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces), number, start, terminated: true }
        pieces = []
        number++
        from = at + 1
        start = position + from
      }
      if (from < bytesRead) pieces.push(Buffer.from(chunk.subarray(from, bytesRead)))
      position += bytesRead
    }
    const rest = Buffer.concat(pieces)
    if (rest.length > 0) yield { bytes: rest, number, start, terminated: false }
  } catch (error) {
    throw diskError(error, "read", path)
  } finally {
    await handle.close()
  }
}
