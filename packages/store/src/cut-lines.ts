/**
 * A file without some of its lines: written beside it and put in its place in one step, so a kill leaves the old file or the
 * new one, and at most a hidden file beside it, which goes when the file is next opened for writing.
 */
import { onDisk, syncPath, temporaryBeside } from "@swirl-ts/kit"
import { basename, createReadStream, dirname, join, open, readdir, rename, rm } from "@swirl-ts/platform"

/** Bytes of a record's line, without its newline. */
export interface Place {
  start: number
  length: number
}

/** Nobody may write to the file meanwhile. */
export async function cutLines(path: string, places: readonly Place[]): Promise<void> {
  const temporary = temporaryBeside(path)
  try {
    await onDisk("write", path, async () => {
      const handle = await open(temporary, "wx")
      try {
        await handle.writeFile(without(path, inOrder(places)))
        await handle.sync()
      } finally {
        await handle.close()
      }
      await rename(temporary, path)
      await syncPath(dirname(path))
    })
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

export const inOrder = (places: readonly Place[]): Place[] => [...places].sort((a, b) => a.start - b.start)

/** The bytes of a file beside those of some lines, which are in order. */
async function* without(path: string, lines: readonly Place[]): AsyncGenerator<Buffer> {
  let from = 0
  for (const { start, length } of lines) {
    if (start > from) yield* createReadStream(path, { start: from, end: start - 1 })
    from = start + length + 1
  }
  yield* createReadStream(path, { start: from })
}

/** What killed processes have left of `cutLines`. */
export async function removeLeftovers(path: string): Promise<void> {
  const own = `.${basename(path)}.`
  for (const name of await readdir(dirname(path)))
    if (name.startsWith(own) && name.endsWith(".tmp")) await rm(join(dirname(path), name), { force: true })
}
