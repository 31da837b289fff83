/**
 * A file holds one final record a sample. When a command is run again, samples that ended in an error are tried again:
 * their old records move to attempts.jsonl, so no failure is ever lost and none is counted twice.
 */
import { createWriteStream } from "node:fs"
import { open, rename, rm } from "node:fs/promises"
import { dirname } from "node:path"
import { finished } from "node:stream/promises"
import { AttemptSchema, contentHash } from "@swirl-ts/core"
import { onDisk, syncPath, temporaryBeside } from "@swirl-ts/kit"
import type { ZodType, z } from "zod"
import { readRecords } from "./read-records.ts"
import { openRecordFile } from "./record-file.ts"

/**
 * Moves the records for which `when` is true to the attempts file; returns how many. Call it before the file is opened
 * for appending. A kill in between is harmless: the move is repeated and writes nothing twice.
 */
export async function retireRecords<S extends ZodType>(
  path: string,
  schema: S,
  when: (record: z.infer<S>) => boolean,
  attemptsPath: string,
): Promise<number> {
  let retired = 0
  for await (const record of readRecords(path, schema)) if (when(record)) retired++
  if (retired === 0) return 0
  const attempts = await openRecordFile(attemptsPath, AttemptSchema)
  const temporary = temporaryBeside(path)
  try {
    await onDisk("write", path, async () => {
      const output = createWriteStream(temporary, { flags: "wx" })
      const written = finished(output)
      const pending: Promise<void>[] = []
      for await (const record of readRecords(path, schema)) {
        if (when(record)) {
          const retiredRecord = record as Record<string, unknown>
          pending.push(
            attempts.append({ schema: "swirl.attempt/1", id: contentHash(retiredRecord), record: retiredRecord }),
          )
        } else if (!output.write(`${JSON.stringify(record)}\n`)) {
          await Promise.race([new Promise<void>((resolve) => output.once("drain", () => resolve())), written])
        }
      }
      output.end()
      await written
      await Promise.all(pending)
      const handle = await open(temporary, "r+")
      await handle.sync()
      await handle.close()
      await rename(temporary, path)
      await syncPath(dirname(path))
    })
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  } finally {
    await attempts.close()
  }
  return retired
}
