/** A file of JSON lines, written piece by piece; on disk when it is closed. */
import { open } from "node:fs/promises"
import { onDisk } from "@swirl-ts/kit"

export interface TableFile {
  write(row: object): Promise<void>
  close(): Promise<void>
}

const piece = 1 << 20

export async function createLinesFile(path: string): Promise<TableFile> {
  const handle = await onDisk("write", path, () => open(path, "wx"))
  let waiting: string[] = []
  let length = 0
  const flush = async (): Promise<void> => {
    const text = waiting.join("")
    waiting = []
    length = 0
    if (text !== "") await onDisk("write", path, () => handle.appendFile(text))
  }
  return {
    async write(row) {
      const line = `${JSON.stringify(row)}\n`
      waiting.push(line)
      length += line.length
      if (length >= piece) await flush()
    },
    async close() {
      try {
        await flush()
        await onDisk("write", path, () => handle.sync())
      } finally {
        await handle.close()
      }
    },
  }
}
