/** Puts the report into its run folder, whole or not at all. */
import { join, resolve } from "node:path"
import { writeFileAtomic } from "@swirl-ts/kit"
import { runPaths } from "@swirl-ts/store"
import type { ReportInput } from "./data.ts"
import { renderReport } from "./render.ts"

/** Writes `<directory>/report/index.html` and returns its absolute path. */
export async function writeReport(directory: string, data: ReportInput): Promise<string> {
  const path = resolve(join(runPaths(directory).report, "index.html"))
  await writeFileAtomic(path, renderReport(data))
  return path
}
