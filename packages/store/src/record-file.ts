/**
 * An append-only JSONL file of records with ids. `append` resolves when the record is on disk; concurrent appends
 * share one fsync. A record whose id is there already is not written again, unless it failed and is tried again: it stands
 * until its successor does. A failed write leaves no part of a line. Records that are dropped leave the file when there are
 * enough of them; a kill meanwhile leaves them there, or not.
 */
import { AttemptSchema, SwirlError, schemaProblem } from "@swirl-ts/core"
import { diskError, onDisk } from "@swirl-ts/kit"
import { existsSync, open, rm } from "@swirl-ts/platform"
import type { ZodType, z } from "zod"
import { openForAppend, writeAll } from "./append-handle.ts"
import { retire } from "./attempts.ts"
import { cutLines, type Place } from "./cut-lines.ts"
import { DroppedLines, shift } from "./dropped-lines.ts"
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
  /**
   * Of records that are needed for a while only: those that are needed no more when the file is opened. Such a file is gone
   * when it is closed empty.
   */
  isDropped?(record: T): boolean
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
  /** Of records on disk that nobody needs any more: at once they are not there, and their lines go when it is worth it. */
  drop(ids: Iterable<string>): void
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
  const { mode = "each", idOf = ownId, retry, isDropped } = options
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
  const dropped = new DroppedLines()
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
    const place = { start: scanned.start, length: scanned.end - scanned.start }
    if (isDropped?.(scanned.record)) {
      dropped.add(place)
      continue
    }
    const key = keyOf(scanned.record)
    if (!supersede(key)) size++
    if (retry?.when(scanned.record)) failed.set(key, place)
    else places.set(id, place)
  }
  let handle = await openForAppend(path, end)

  let queue: Entry[] = []
  let inFlight: Promise<void> | undefined
  let next: Promise<void> | undefined
  let broken: unknown
  let closed = false
  let canCut = true
  let cutting: Promise<void> | undefined

  /** The handle is another afterwards: whoever reads waits for it. Where the disk refuses, everything stays as it is. */
  async function cutDropped(): Promise<void> {
    const lines = dropped.take()
    try {
      await handle.close()
      const isCut = await cutLines(path, lines).then(
        () => true,
        () => false,
      )
      handle = await open(path, "r+")
      if (isCut) {
        const all = [...places.values(), ...failed.values(), ...superseded, ...dropped.places]
        const kept = all.filter((place) => place !== undefined)
        shift(kept, lines)
        end = (await handle.stat()).size
        needsNewline &&= kept.some(({ start, length }) => start + length === end)
        return
      }
      canCut = false
      for (const line of lines) dropped.add(line)
    } catch (error) {
      broken ??= diskError(error, "write", path)
    }
  }

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
    if (!canCut || !dropped.isWorthCutting(end)) return
    cutting = cutDropped()
    await cutting
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
      await cutting
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
    drop(ids) {
      for (const id of ids) {
        const place = places.get(id)
        if (!place) continue
        places.delete(id)
        dropped.add(place)
        size--
      }
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
        if (dropped.places.length > 0) await cutDropped()
      } finally {
        await handle.close()
      }
      if (isDropped && end === 0) await onDisk("delete", path, () => rm(path, { force: true }))
      if (retry) await retire(path, superseded, () => openRecordFile(retry.attempts, AttemptSchema))
    },
  }
  return file
}

const newline = Buffer.from("\n")
