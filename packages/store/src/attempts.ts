/**
 * A file holds one final record a sample. When a command is run again, samples that ended in an error are tried again: once
 * there is a successor, the old record moves to attempts.jsonl, so no failure is ever lost and none is counted twice.
 */
import { type AttemptRecord, contentHash } from "@swirl-ts/core"
import { onDisk } from "@swirl-ts/kit"
import { open } from "@swirl-ts/platform"
import { cutLines, inOrder, type Place } from "./cut-lines.ts"

interface Attempts {
  append(record: AttemptRecord): Promise<void>
  close(): Promise<void>
}

/** Moves lines of a file that nobody writes to. A kill in between is harmless: the move is repeated and writes nothing twice. */
export async function retire(path: string, places: readonly Place[], open: () => Promise<Attempts>): Promise<void> {
  if (places.length === 0) return
  await keepAttempts(path, inOrder(places), await open())
  await cutLines(path, places)
}

async function keepAttempts(path: string, lines: readonly Place[], attempts: Attempts): Promise<void> {
  const written: Promise<void>[] = []
  const handle = await onDisk("read", path, () => open(path))
  try {
    for (const { start, length } of lines) {
      const { buffer } = await handle.read(Buffer.alloc(length), 0, length, start)
      const record = JSON.parse(buffer.toString("utf8")) as Record<string, unknown>
      const kept = attempts.append({ schema: "swirl.attempt/1", id: contentHash(record), record })
      // It may fail before it is waited for.
      kept.catch(() => {})
      written.push(kept)
    }
    await Promise.all(written)
  } finally {
    await handle.close()
    await attempts.close()
  }
}
