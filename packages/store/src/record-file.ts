/**
 * An append-only JSONL file of records with ids. `append` resolves when the record is on disk; concurrent appends
 * share one fsync. A record whose id is there already is not written again, unless it failed and is tried again: it stands
 * until its successor does. A failed write leaves no part of a line.
 */
import { existsSync } from "node:fs"
import { type FileHandle, open } from "node:fs/promises"
import { dirname } from "node:path"
import { AttemptSchema, SwirlError, schemaProblem } from "@swirl-ts/core"
import { diskError, errorCode, makeFolder, onDisk, syncPath } from "@swirl-ts/kit"
import type { ZodType, z } from "zod"
import { type Place, retire } from "./attempts.ts"
import { ownId, packed, parseRecord, type ReadOptions, scanRecords } from "./read-records.ts"

export interface RecordFileOptions<T> extends ReadOptions<T> {
  /**
   * `each` (default): `append` resolves after fsync. `block`: `append` only collects and `commit` writes; for work
   * that is repeated as a whole after a kill.
   */
  mode?: "each" | "block"
  /**
   * Records that are tried again: to `has` and `get` they are not there. One whose successor was appended moves to the file
   * of attempts when this one is closed; after a kill, when it was opened again. `keyOf` tells what is whose successor;
   * default: the id.
   */
  retry?: { when(record: T): boolean; attempts: string; keyOf?(record: T): string }
}

export interface RecordFile<T> {
  readonly path: string
  /** Records with an id of their own, those that failed included. */
  readonly size: number
  /** Ids in file order, those being written included. */
  readonly ids: Iterable<string>
  has(id: string): boolean
  /** Reads one record back from disk. */
  get(id: string): Promise<T | undefined>
  append(record: T): Promise<void>
  /** Resolves when everything appended so far is on disk. */
  commit(): Promise<void>
  close(): Promise<void>
}

interface Entry {
  id: string | undefined
  key: string | undefined
  bytes: Buffer
}

export async function openRecordFile<S extends ZodType>(
  path: string,
  schema: S,
  options: RecordFileOptions<z.infer<S>> = {},
): Promise<RecordFile<z.infer<S>>> {
  type T = z.infer<S>
  if (!existsSync(path) && existsSync(path + packed))
    throw new SwirlError(
      `${path}${packed} is a compressed copy, and nothing is added to one. Unpack it first: gunzip ${path}${packed}`,
      { kind: "usage" },
    )
  const { mode = "each", idOf = ownId, retry } = options
  const places = new Map<string, Place | undefined>()
  const keyOf = retry?.keyOf ?? idOf
  /** By key. */
  const failed = new Map<string | undefined, Place>()
  const superseded: Place[] = []
  const supersede = (key: string | undefined): boolean => {
    const place = failed.get(key)
    if (place) superseded.push(place)
    return failed.delete(key)
  }
  let size = 0
  let end = 0
  let needsNewline = false
  for await (const scanned of scanRecords(path, schema, options)) {
    const id = idOf(scanned.record)
    end = scanned.end + (scanned.terminated ? 1 : 0)
    needsNewline = !scanned.terminated
    if (id !== undefined && places.has(id)) continue
    if (id === undefined) {
      size++
      continue
    }
    const key = keyOf(scanned.record)
    if (!supersede(key)) size++
    const place = { start: scanned.start, length: scanned.end - scanned.start }
    if (retry?.when(scanned.record)) failed.set(key, place)
    else places.set(id, place)
  }
  const handle = await openForAppend(path, end)

  let queue: Entry[] = []
  let inFlight: Promise<void> | undefined
  let next: Promise<void> | undefined
  let broken: unknown
  let closed = false

  async function writeQueue(): Promise<void> {
    const batch = queue
    queue = []
    next = undefined
    if (batch.length === 0) return
    try {
      if (broken) throw broken
      const bytes = Buffer.concat([...(needsNewline ? [newline] : []), ...batch.map((entry) => entry.bytes)])
      await writeAll(handle, bytes, end)
      await handle.datasync()
      let start = end + (needsNewline ? 1 : 0)
      for (const entry of batch) {
        if (entry.id !== undefined) {
          places.set(entry.id, { start, length: entry.bytes.length - 1 })
          if (supersede(entry.key)) size--
        }
        start += entry.bytes.length
      }
      end = start
      needsNewline = false
    } catch (error) {
      for (const entry of batch) {
        if (entry.id !== undefined) places.delete(entry.id)
        size--
      }
      // What was half written is taken back; where that fails too, nothing more may be written after it.
      await handle.truncate(end).catch((failure: unknown) => {
        broken ??= diskError(failure, "write", path)
      })
      throw diskError(error, "write", path)
    }
  }

  /** Everything queued now goes with the next write: one that starts when the present one ends. */
  function schedule(): Promise<void> {
    next ??= (inFlight ?? Promise.resolve())
      .catch(() => undefined)
      .then(() => {
        const writing = writeQueue()
        inFlight = writing
        const done = (): void => {
          if (inFlight === writing) inFlight = undefined
        }
        writing.then(done, done)
        return writing
      })
    return next
  }

  const file: RecordFile<T> = {
    path,
    get size() {
      return size
    },
    get ids() {
      return places.keys()
    },
    has: (id) => places.has(id),
    async get(id) {
      if (!places.has(id)) return undefined
      if (!places.get(id)) await file.commit()
      const place = places.get(id)
      if (!place) return undefined
      const bytes = Buffer.alloc(place.length)
      await onDisk("read", path, () => handle.read(bytes, 0, place.length, place.start))
      try {
        return parseRecord(JSON.parse(bytes.toString("utf8")), schema, options.migrations, path)
      } catch (error) {
        throw new SwirlError(`${path} was changed by someone else while it was open: record ${id} is gone.`, {
          cause: error,
        })
      }
    },
    async append(record) {
      if (closed) throw new SwirlError(`${path} was closed before a record was appended to it.`)
      const checked = schema.safeParse(record)
      if (!checked.success) {
        const problem = schemaProblem(checked.error.issues[0]!, record)
        throw new SwirlError(`A record for ${path} is not valid and was not written: ${problem}.`)
      }
      const id = idOf(checked.data)
      if (id !== undefined && places.has(id)) {
        // Known already: on disk, or with the write that is on its way.
        if (!places.get(id) && mode === "each") await (queue.some((entry) => entry.id === id) ? schedule() : inFlight)
        return
      }
      if (id !== undefined) places.set(id, undefined)
      size++
      queue.push({ id, key: keyOf(checked.data), bytes: Buffer.from(`${JSON.stringify(checked.data)}\n`) })
      if (mode === "each") await schedule()
    },
    async commit() {
      if (queue.length > 0) await schedule()
      else await inFlight
    },
    async close() {
      if (closed) return
      closed = true
      try {
        await file.commit()
      } finally {
        await handle.close()
      }
      if (retry) await retire(path, superseded, () => openRecordFile(retry.attempts, AttemptSchema))
    },
  }
  return file
}

const newline = Buffer.from("\n")

async function openForAppend(path: string, end: number): Promise<FileHandle> {
  return onDisk("open", path, async () => {
    await makeFolder(dirname(path))
    let handle: FileHandle
    try {
      handle = await open(path, "r+")
    } catch (error) {
      if (errorCode(error) !== "ENOENT") throw error
      handle = await open(path, "wx+")
      await syncPath(dirname(path))
      return handle
    }
    try {
      // The torn last line.
      if ((await handle.stat()).size > end) await handle.truncate(end)
    } catch (error) {
      await handle.close()
      throw error
    }
    return handle
  })
}

async function writeAll(handle: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done)
    done += bytesWritten
  }
}
