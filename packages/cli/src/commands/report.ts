import { existsSync } from "node:fs"
import { SwirlError } from "@swirl-ts/core"
import { collectReport, writeReport, writeViewer } from "@swirl-ts/report"
import { runPaths } from "@swirl-ts/store"
import { runOptions } from "../options/tables.ts"
import { recordFacts } from "../record-facts.ts"
import { withViewerFacts } from "../viewer-facts.ts"
import { defineCommand } from "./command.ts"

export const command = defineCommand({
  name: "report",
  description: "one static HTML file from a run folder, with its matrix as CSV, Markdown and LaTeX beside it",
  options: runOptions,
  async run(context) {
    const { directory, registry } = context
    if (!existsSync(directory)) throw new SwirlError(`There is no run folder ${directory}.`, { kind: "usage" })
    await withViewerFacts(context, (facts) => writeViewer(directory, runPaths(directory).report, facts))
    return { report: await writeReport(directory, await collectReport(directory, recordFacts(registry))) }
  },
  text: ({ report }) => report,
})
