/**
 * Reads a JSONL record file as a stream: one line in memory at a time. A torn last line is passed over (a kill while
 * it was written), any other line that cannot be read is an error that names file and line.
 */
import { statSync } from "node:fs"
import { errorMessage, SwirlError, schemaProblem } from "@swirl-ts/core"
import { byteLines, onDisk } from "@swirl-ts/kit"
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
  const found = await onDisk("read", path, async () => statSync(path, { throwIfNoEntry: false }))
  if (!found) return
  if (!found.isFile()) throw new SwirlError(`${path} is not a file. Use another path.`, { kind: "usage" })
  let torn: { line: number; error: unknown } | undefined
  for await (const line of byteLines(path)) {
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
  const said = errorMessage(error)
  return new SwirlError(
    `${where} is not a record that can be read: ${said}${/[.?!]$/.test(said) ? "" : "."} Repair or delete that line; only a torn last line is put right by itself.`,
    { cause: error },
  )
}
