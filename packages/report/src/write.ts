/** Puts the report, and its matrix in other formats, into its run folder: each file whole or not at all. */
import { rm } from "node:fs/promises"
import { join, resolve } from "node:path"
import { writeFileAtomic } from "@swirl-ts/kit"
import { runPaths } from "@swirl-ts/store"
import type { ReportInput } from "./data.ts"
import { ReportMatrixSchema } from "./data.ts"
import { matrixCsv } from "./matrix-csv.ts"
import { matrixLatex } from "./matrix-latex.ts"
import { matrixMarkdown } from "./matrix-markdown.ts"
import { overSeedsCsv } from "./over-seeds-csv.ts"
import { renderReport } from "./render.ts"

/** Writes `<directory>/report/index.html`, with `matrix.csv`, `matrix-over-seeds.csv`, `.md` and `.tex` beside it, and returns the page's absolute path. */
export async function writeReport(directory: string, data: ReportInput): Promise<string> {
  const { report } = runPaths(directory)
  const path = resolve(join(report, "index.html"))
  const page = renderReport(data)
  if (data.matrix) {
    const matrix = ReportMatrixSchema.parse(data.matrix)
    await writeFileAtomic(join(report, "matrix.csv"), matrixCsv(matrix))
    const overSeeds = overSeedsCsv(matrix)
    if (overSeeds !== undefined) await writeFileAtomic(join(report, "matrix-over-seeds.csv"), overSeeds)
    else await rm(join(report, "matrix-over-seeds.csv"), { force: true })
    await writeFileAtomic(join(report, "matrix.md"), matrixMarkdown(data.title, matrix))
    await writeFileAtomic(join(report, "matrix.tex"), matrixLatex(data.title, matrix))
  }
  await writeFileAtomic(path, page)
  return path
}
