import { existsSync } from "node:fs"
import { SwirlError } from "@swirl-ts/core"
import { collectReport, writeReport } from "@swirl-ts/report"
import { runOptions } from "../options/tables.ts"
import { recordFacts } from "../record-facts.ts"
import { defineCommand } from "./command.ts"

export const command = defineCommand({
  name: "report",
  description: "one static HTML file from a run folder, with its matrix as CSV, Markdown and LaTeX beside it",
  options: runOptions,
  async run({ directory, registry }) {
    if (!existsSync(directory)) throw new SwirlError(`There is no run folder ${directory}.`, { kind: "usage" })
    return { report: await writeReport(directory, await collectReport(directory, recordFacts(registry))) }
  },
  text: ({ report }) => report,
})
