/**
 * A viewer's folder that is made again when the run has changed since: the run folder itself is only read. One build at a time;
 * whoever asks while it runs waits for it.
 */
import { readdir, stat } from "node:fs/promises"
import { join } from "node:path"
import { contentHash } from "@swirl-ts/core"
import { errorCode } from "@swirl-ts/kit"
import type { SummaryPage } from "../viewer/summary-page.ts"

export interface FreshViewer {
  /** Where it lies. */
  readonly folder: string
  /** The folders of pages that may be asked for: the last one, and that of pages which are open in a browser still. */
  readonly pages: ReadonlySet<string>
  /** Ends when the pages are those of the records as they are now. */
  refresh(): Promise<void>
}

/** `build` writes the viewer's folder, and leaves the pages of the build before. */
export function freshViewer(directory: string, folder: string, build: () => Promise<SummaryPage>): FreshViewer {
  let shown: string | undefined
  let pages: ReadonlySet<string> = new Set()
  let running: Promise<void> | undefined
  const rebuild = async (): Promise<void> => {
    const now = await stateOf(directory)
    if (now === shown) return
    const summary = await build()
    pages = new Set([summary.pages.folder, ...[...pages].slice(0, 1)])
    shown = now
  }
  return {
    folder,
    get pages() {
      return pages
    },
    refresh() {
      running ??= rebuild().finally(() => {
        running = undefined
      })
      return running
    },
  }
}

/** Folders in which nothing is recorded that is shown. */
const passedOver = new Set(["checkpoints", "report", "node_modules", "cache"])

/** Another one whenever a record file is: by names, sizes and times of change. */
async function stateOf(directory: string): Promise<string> {
  const found: string[] = []
  async function look(folder: string, depth: number): Promise<void> {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name)
      if (entry.isDirectory() && depth > 0 && !passedOver.has(entry.name)) await look(path, depth - 1)
      if (!entry.isFile() || !/\.jsonl?(\.gz)?$/.test(entry.name)) continue
      try {
        const { size, mtimeMs } = await stat(path)
        found.push(`${path} ${size} ${mtimeMs}`)
      } catch (error) {
        // Replaced just now.
        if (errorCode(error) !== "ENOENT") throw error
      }
    }
  }
  await look(directory, 8)
  return contentHash(found.sort())
}
