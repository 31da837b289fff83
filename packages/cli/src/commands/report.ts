import { collectReport, writeReport } from "@swirl-ts/report"
import type { Command } from "commander"
import { type CommonOptions, openApp, withCommonOptions, withRunOptions } from "../app.ts"
import { recordFacts } from "../oracles.ts"

export function registerReport(program: Command): void {
  withRunOptions(
    withCommonOptions(program.command("report").description("one static HTML file from a run folder")),
  ).action(async (options: CommonOptions) => {
    const { context, output, registry } = await openApp(options)
    const report = await writeReport(context.directory, await collectReport(context.directory, recordFacts(registry)))
    output.result({ report }, report)
  })
}
