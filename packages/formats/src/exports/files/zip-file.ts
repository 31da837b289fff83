/** A ZIP archive, written one entry at a time: no more than one is held. More entries than 65,535 are fine. */
import { createWriteStream } from "node:fs"
import { Readable } from "node:stream"
import { finished } from "node:stream/promises"
import { onDisk, syncPath } from "@swirl-ts/kit"
import { ZipFile } from "yazl"

export interface Archive {
  add(name: string, content: string): Promise<void>
  close(): Promise<void>
}

/** `time`: of every entry, so that the same content gives the same bytes. */
export function createArchive(path: string, time: Date): Archive {
  const archive = new ZipFile()
  const output = createWriteStream(path, { flags: "wx" })
  const written = onDisk("write", path, () => finished(archive.outputStream.pipe(output)))
  // Told by `add` and `close`.
  written.catch(() => undefined)
  return {
    async add(name, content) {
      const added = new Promise<void>((resolve, reject) => {
        archive.addReadStreamLazy(name, { mtime: time, mode: 0o100644 }, (callback) => {
          const entry = Readable.from([Buffer.from(content)])
          entry.once("end", resolve)
          entry.once("error", reject)
          callback(null, entry)
        })
      })
      await Promise.race([added, written])
    },
    async close() {
      archive.end()
      await written
      await syncPath(path)
    },
  }
}
