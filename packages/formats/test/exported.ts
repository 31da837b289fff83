/** What the tests of exports share: a small real run folder (nano on four questions, judged), and exports of it. */
import { cpSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { sandbox } from "@swirl-ts/bench-sandbox"
import { createRegistry } from "@swirl-ts/core"
import { judges } from "@swirl-ts/judges"
import { formats } from "@swirl-ts/runner"
import type { StageContext } from "@swirl-ts/stages"
import { temporaryFolder, testHost } from "@swirl-ts/test-support"
import { calculator } from "@swirl-ts/tools-calculator"
import { search } from "@swirl-ts/tools-search"
import { trainer } from "@swirl-ts/trainer"
import { type ExportRequest, exportRun } from "../src/exports/export-run.ts"

const recordedRun = fileURLToPath(new URL("run", import.meta.url))

/** A copy of the run folder that may be changed, in a folder of its own. */
export function ownRun(): StageContext {
  const workingDirectory = temporaryFolder()
  const directory = join(workingDirectory, "run")
  cpSync(recordedRun, directory, { recursive: true })
  return {
    registry: createRegistry([sandbox(), calculator(), search(), judges(), formats(), trainer()]),
    host: { ...testHost(), workingDirectory },
    directory,
    seed: 7,
    concurrency: 4,
    swirlVersion: "0.0.0",
  }
}

export const exported = (
  context: StageContext,
  request: Partial<ExportRequest> & Pick<ExportRequest, "format" | "out">,
) => exportRun(context, { judge: "grounded", ...request })

/** The rows of a JSON Lines file. */
export const rowsOf = (file: string): Record<string, unknown>[] =>
  readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line))
