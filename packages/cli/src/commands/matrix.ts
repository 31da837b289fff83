import { resolve } from "node:path"
import { pathToFileURL } from "node:url"
import { errorMessage, SwirlError } from "@swirl-ts/core"
import { defineExperiment, type ExperimentInput } from "@swirl-ts/experiment"
import { reportMatrix } from "@swirl-ts/report"
import { type Command, Option } from "commander"
import { type CommonOptions, openApp, positive, withCommonOptions, withModelOptions } from "../app.ts"
import { reportExperiment } from "../experiment-report.ts"
import { matrixTable } from "../matrix-table.ts"
import { runExperiment } from "../run-experiment.ts"

interface MatrixOptions extends CommonOptions {
  processes: number
}

export function registerMatrix(program: Command): void {
  withModelOptions(
    withCommonOptions(
      program
        .command("matrix")
        .description("train tasks x filters x seeds over evaluation cells, paired with the base; run again to continue")
        .argument("<experiment>", "a file whose default export is defineExperiment({ … })")
        .addOption(new Option("--run <directory>", "default: runs/<name of the experiment>").env("SWIRL_RUN"))
        .addOption(new Option("--processes <n>", "jobs at once").argParser(positive).default(2)),
    ),
  ).action(async (file: string, options: MatrixOptions) => {
    const app = await openApp(options)
    const experiment = await loadExperiment(resolve(app.host.workingDirectory, file))
    const directory = resolve(app.host.workingDirectory, options.run ?? `runs/${experiment.name}`)
    const finished = await runExperiment(app, options, directory, experiment, Math.max(1, options.processes))
    const { path: report, headline } = await reportExperiment(app, directory, experiment, finished, {
      backend: options.backend ?? "default",
      command: `swirl matrix ${file} --run ${directory}`,
    })
    app.output.result({ ...finished.matrix, seconds: finished.seconds, report }, [
      ...matrixTable(reportMatrix(finished.matrix)),
      "",
      ...headline,
      "",
      `Report: ${report}`,
    ])
  })
}

async function loadExperiment(path: string) {
  let loaded: { default?: unknown }
  try {
    loaded = await import(pathToFileURL(path).href)
  } catch (error) {
    throw new SwirlError(`The experiment ${path} could not be loaded: ${errorMessage(error)}`, {
      kind: "usage",
      cause: error,
    })
  }
  if (typeof loaded.default !== "object" || loaded.default === null) {
    throw new SwirlError(`${path} has no default export. End it with \`export default defineExperiment({ … })\`.`, {
      kind: "usage",
    })
  }
  return defineExperiment(loaded.default as ExperimentInput)
}
