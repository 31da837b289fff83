/**
 * A file holds one final record a sample. When a command is run again, samples that ended in an error are tried again: once
 * there is a successor, the old record moves to attempts.jsonl, so no failure is ever lost and none is counted twice.
 */
import { createReadStream, createWriteStream } from "node:fs"
import { open, rename, rm } from "node:fs/promises"
import { dirname } from "node:path"
import { pipeline } from "node:stream/promises"
import { type AttemptRecord, contentHash } from "@swirl-ts/core"
import { onDisk, syncPath, temporaryBeside } from "@swirl-ts/kit"

/** Bytes of a record's line, without its newline. */
export interface Place {
  start: number
  length: number
}

interface Attempts {
  append(record: AttemptRecord): Promise<void>
  close(): Promise<void>
}

/** Moves lines of a file that nobody writes to. A kill in between is harmless: the move is repeated and writes nothing twice. */
export async function retire(path: string, places: readonly Place[], open: () => Promise<Attempts>): Promise<void> {
  if (places.length === 0) return
  const lines = [...places].sort((a, b) => a.start - b.start)
  const temporary = temporaryBeside(path)
  try {
    await keepAttempts(path, lines, await open())
    await onDisk("write", path, async () => {
      await pipeline(without(path, lines), createWriteStream(temporary, { flags: "wx", flush: true }))
      await rename(temporary, path)
      await syncPath(dirname(path))
    })
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

async function keepAttempts(path: string, lines: readonly Place[], attempts: Attempts): Promise<void> {
  const written: Promise<void>[] = []
  const handle = await onDisk("read", path, () => open(path))
  try {
    for (const { start, length } of lines) {
      const { buffer } = await handle.read(Buffer.alloc(length), 0, length, start)
      const record = JSON.parse(buffer.toString("utf8")) as Record<string, unknown>
      written.push(attempts.append({ schema: "swirl.attempt/1", id: contentHash(record), record }))
    }
    await Promise.all(written)
  } finally {
    await handle.close()
    await attempts.close()
  }
}

/** The bytes of a file beside those of some lines, which are in order. */
async function* without(path: string, lines: readonly Place[]): AsyncGenerator<Buffer> {
  let from = 0
  for (const { start, length } of lines) {
    if (start > from) yield* createReadStream(path, { start: from, end: start - 1 })
    from = start + length + 1
  }
  yield* createReadStream(path, { start: from })
}
