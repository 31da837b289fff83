/** Writes the pages of one kind, one after another: what is added waits until it fills a page. */
import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { onDisk } from "@swirl-ts/kit"
import { pageOf } from "./page-text.ts"

export interface PageWriter {
  /** Number of the first thing on each page. */
  readonly starts: readonly number[]
  /** One more thing, as JSON. */
  add(json: string): Promise<void>
  /** Writes what waits. */
  end(): Promise<void>
}

/** Characters that a page holds, if it holds more than one thing: a page is read in a few milliseconds. */
const pageSize = 1 << 19

/** `body` makes the JSON of a page from the number of its first thing and the JSON of each. */
export function pageWriter(
  folder: string,
  kind: string,
  body: (start: number, things: readonly string[]) => string,
): PageWriter {
  const starts: number[] = []
  let waiting: string[] = []
  let size = 0
  let count = 0
  async function write(): Promise<void> {
    if (waiting.length === 0) return
    const start = count - waiting.length
    const name = `${kind}-${starts.length}`
    await writePage(folder, name, body(start, waiting))
    starts.push(start)
    waiting = []
    size = 0
  }
  return {
    starts,
    async add(json) {
      // What is long has a page of its own.
      if (size + json.length > pageSize) await write()
      waiting.push(json)
      size += json.length
      count++
      if (size > pageSize) await write()
    },
    end: write,
  }
}

export const writePage = (folder: string, name: string, json: string): Promise<void> => {
  const path = join(folder, `${name}.js`)
  return onDisk("write", path, () => writeFile(path, pageOf(name, json)))
}
