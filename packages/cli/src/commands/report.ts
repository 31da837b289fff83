import { existsSync } from "node:fs"
import { SwirlError } from "@swirl-ts/core"
import { writeReport } from "@swirl-ts/report"
import { dataOptions, runOptions } from "../options/tables.ts"
import { withViewerFacts } from "../viewer-facts.ts"
import { defineCommand } from "./command.ts"

export const command = defineCommand({
  name: "report",
  description:
    "a folder to look at a run folder by, without a server and without network, with its matrix as CSV, Markdown and LaTeX",
  options: { ...runOptions, ...dataOptions },
  async run(context) {
    const { directory } = context
    if (!existsSync(directory)) throw new SwirlError(`There is no run folder ${directory}.`, { kind: "usage" })
    const { path } = await withViewerFacts(context, (facts) => writeReport(directory, facts))
    return { report: path }
  },
  text: ({ report }) => report,
})
