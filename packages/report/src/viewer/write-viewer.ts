/**
 * A run folder, or an experiment's folder of run folders, as the viewer's `data/`. Invariant: `summary.js` names a folder of
 * pages that is whole. A build writes its pages beside the old ones, puts the new summary in the place of the old one in one
 * step, and takes the old pages away after it; a build that is killed leaves what was there as it was.
 */
import { randomBytes } from "node:crypto"
import { readdir, rm, stat } from "node:fs/promises"
import { basename, join, resolve } from "node:path"
import { makeFolder, onDisk, waitForLock, writeFileAtomic } from "@swirl-ts/kit"
import { runPaths } from "@swirl-ts/store"
import { findRuns } from "../find-runs.ts"
import { readMatrixFile } from "../matrix-file.ts"
import { readNotes } from "../report-notes.ts"
import { evaluatedStages, samplesMatrix } from "../samples-matrix.ts"
import { buildPages, type RecordedRun } from "./build-pages.ts"
import { pageText } from "./page-text.ts"
import { recordedFilters, viewerRun } from "./recorded-runs.ts"
import { summaryPage } from "./summary.ts"
import type { SummaryPage } from "./summary-page.ts"
import { copyViewerFiles } from "./viewer-files.ts"
import type { ViewerOptions } from "./viewer-options.ts"

/** Writes the viewer of the records under `directory` into `folder`, and returns its summary. */
export async function writeViewer(
  directory: string,
  folder: string,
  options: ViewerOptions = {},
): Promise<SummaryPage> {
  const data = join(folder, "data")
  await onDisk("write", data, () => makeFolder(data))
  const lock = await waitForLock(join(data, "lock"), { abortSignal: options.abortSignal })
  const building = `pages-${randomBytes(6).toString("hex")}`
  try {
    await onDisk("write", data, () => makeFolder(join(data, building)))
    const summary = await build(resolve(directory), join(data, building), options)
    const before = options.keepsLast ? await newestPages(data, building) : undefined
    await writeFileAtomic(join(data, "summary.js"), pageText("summary", summary))
    await copyViewerFiles(folder)
    await removeOthers(data, [building, before])
    return summary
  } catch (error) {
    await rm(join(data, building), { recursive: true, force: true })
    throw error
  } finally {
    await lock.release()
  }
}

async function build(directory: string, folder: string, given: ViewerOptions): Promise<SummaryPage> {
  const options = { ...(await readNotes(runPaths(directory).report)), ...given }
  const found = await findRuns(directory)
  const runs: RecordedRun[] = []
  for (const run of found) runs.push({ directory: run, facts: await viewerRun(directory, run) })
  const planned = await readMatrixFile(directory)
  const table = samplesMatrix()
  const filters = await recordedFilters(found)
  const built = await buildPages(folder, runs, filters, options, table.add)
  const measured = planned ? undefined : table.matrix(await evaluatedStages(found))
  const title = options.title ?? `Run ${basename(directory)}`
  return summaryPage(directory, { title, planned, measured, runs, filters, built, folder: basename(folder) }, options)
}

/** Pages that no summary names: of builds before, and of builds that were killed. */
async function removeOthers(data: string, kept: readonly (string | undefined)[]): Promise<void> {
  for (const name of await pageFolders(data))
    if (!kept.includes(name)) await rm(join(data, name), { recursive: true, force: true })
}

const pageFolders = async (data: string): Promise<string[]> =>
  (await readdir(data)).filter((name) => name.startsWith("pages-"))

/** The last that was built before `building`. */
async function newestPages(data: string, building: string): Promise<string | undefined> {
  const others = (await pageFolders(data)).filter((name) => name !== building)
  const times = await Promise.all(others.map(async (name) => ({ name, time: (await stat(join(data, name))).mtimeMs })))
  return times.sort((a, b) => b.time - a.time)[0]?.name
}
