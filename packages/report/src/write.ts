/**
 * The report of a run folder: the viewer, and its matrix in other formats beside it, each file whole or not at all. Invariant:
 * what an experiment's command said of itself stays with its report, whoever writes it again, and its report is never
 * replaced by one of a folder whose matrix is gone.
 */
import { rm } from "node:fs/promises"
import { join, resolve } from "node:path"
import { SwirlError } from "@swirl-ts/core"
import { writeFileAtomic } from "@swirl-ts/kit"
import { runPaths } from "@swirl-ts/store"
import type { ReportMatrix } from "./data.ts"
import { matrixCsv } from "./matrix-csv.ts"
import { readMatrixFile } from "./matrix-file.ts"
import { matrixLatex } from "./matrix-latex.ts"
import { matrixMarkdown } from "./matrix-markdown.ts"
import { overSeedsCsv } from "./over-seeds-csv.ts"
import { type ReportNotes, readNotes, writeNotes } from "./report-notes.ts"
import type { SummaryPage } from "./viewer/summary-page.ts"
import type { ViewerOptions } from "./viewer/viewer-options.ts"
import { writeViewer } from "./viewer/write-viewer.ts"

export interface WrittenReport {
  /** Absolute, of `report/index.html`. */
  path: string
  summary: SummaryPage
}

/** `notes`: what the command of an experiment says of itself; without it what one said before. */
export async function writeReport(
  directory: string,
  { notes, ...options }: ViewerOptions & { notes?: ReportNotes } = {},
): Promise<WrittenReport> {
  const { report, matrix } = runPaths(directory)
  const isOfMatrix = notes ?? (await readNotes(report))
  if (isOfMatrix && !(await readMatrixFile(directory)))
    throw new SwirlError(
      `${report} is of a matrix, and ${matrix} is gone: the report stays as it is. Make it again with swirl matrix, or move ${report} away.`,
      { kind: "usage" },
    )
  if (notes) await writeNotes(report, notes)
  const summary = await writeViewer(directory, report, options)
  if (summary.matrix) await writeMatrixFiles(directory, summary.title, summary.matrix)
  return { path: resolve(join(report, "index.html")), summary }
}

/** `report/matrix.csv`, `matrix-over-seeds.csv`, `.md` and `.tex`. */
export async function writeMatrixFiles(directory: string, title: string, matrix: ReportMatrix): Promise<void> {
  const { report } = runPaths(directory)
  await writeFileAtomic(join(report, "matrix.csv"), matrixCsv(matrix))
  const overSeeds = overSeedsCsv(matrix)
  if (overSeeds !== undefined) await writeFileAtomic(join(report, "matrix-over-seeds.csv"), overSeeds)
  else await rm(join(report, "matrix-over-seeds.csv"), { force: true })
  await writeFileAtomic(join(report, "matrix.md"), matrixMarkdown(title, matrix))
  await writeFileAtomic(join(report, "matrix.tex"), matrixLatex(title, matrix))
}
