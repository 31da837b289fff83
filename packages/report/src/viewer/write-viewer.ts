/**
 * A run folder, or an experiment's folder of run folders, as the viewer's `data/`. Invariant: `summary.js` names a folder of
 * pages that is whole. A build writes its pages beside the old ones, puts the new summary in the place of the old one in one
 * step, and takes the old pages away after it; a build that is killed leaves what was there as it was.
 */
import { randomBytes } from "node:crypto"
import { readdir, rm } from "node:fs/promises"
import { basename, join, resolve } from "node:path"
import { makeFolder, onDisk, waitForLock, writeFileAtomic } from "@swirl-ts/kit"
import { findRuns } from "../find-runs.ts"
import { readMatrixFile } from "../matrix-file.ts"
import { evaluatedStages, samplesMatrix } from "../samples-matrix.ts"
import { buildPages, type RecordedRun } from "./build-pages.ts"
import { pageText } from "./page-text.ts"
import type { SummaryPage } from "./pages.ts"
import { recordedFilters, viewerRun } from "./recorded-runs.ts"
import { summaryPage } from "./summary.ts"
import type { ViewerOptions } from "./viewer-options.ts"

/** Writes `<folder>/data` from the records under `directory`, and returns its summary. */
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
    await writeFileAtomic(join(data, "summary.js"), pageText("summary", summary))
    await removeOthers(data, building)
    return summary
  } catch (error) {
    await rm(join(data, building), { recursive: true, force: true })
    throw error
  } finally {
    await lock.release()
  }
}

async function build(directory: string, folder: string, options: ViewerOptions): Promise<SummaryPage> {
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

/** Pages that no summary names: of the build before, and of builds that were killed. */
async function removeOthers(data: string, kept: string): Promise<void> {
  for (const name of await readdir(data))
    if (name.startsWith("pages-") && name !== kept) await rm(join(data, name), { recursive: true, force: true })
}
