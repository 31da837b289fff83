import { resolve } from "node:path"
import { checkNames, readExperiment } from "@swirl-ts/experiment"
import { reportMatrix } from "@swirl-ts/report"
import { reportExperiment } from "../experiment-report.ts"
import { importDefault } from "../import-default.ts"
import { matrixExitCode } from "../matrix-exit-code.ts"
import { failOnError, modelOptions, toolOptions } from "../options/tables.ts"
import { path, positive } from "../options/values.ts"
import { matrixTable } from "../render/matrix-table.ts"
import { runExperiment } from "../run-experiment.ts"
import { defineCommand } from "./command.ts"

export const command = defineCommand({
  name: "matrix",
  description: "train tasks x filters x seeds over evaluation cells, paired with the base; run again to continue",
  arguments: { experiment: { help: "a file whose default export is defineExperiment({ … })" } },
  options: {
    run: {
      value: "<directory>",
      parse: path,
      help: "default: runs/<name of the experiment>",
      environment: "SWIRL_RUN",
    },
    processes: { value: "<n>", help: "jobs at once", parse: positive, default: 2 },
    failOnError,
    ...modelOptions,
    ...toolOptions,
  },
  async run(context, { experiment: file, run, processes, backend }) {
    const { workingDirectory } = context.host
    const given = await importDefault(resolve(workingDirectory, file), "experiment", "defineExperiment({ … })")
    const experiment = readExperiment(given, `The experiment ${file}`)
    await checkNames(context, experiment, `The experiment ${file}`)
    const directory = resolve(workingDirectory, run ?? `runs/${experiment.name}`)
    const finished = await runExperiment({ ...context, directory }, experiment, processes)
    const { path: report, headline } = await reportExperiment({ ...context, directory }, experiment, finished, {
      backend: backend ?? "default",
      command: `swirl matrix ${file} --run ${directory}`,
    })
    return { matrix: finished.matrix, seconds: finished.seconds, report, headline }
  },
  document: ({ matrix, seconds, report }) => ({ ...matrix, seconds, report }),
  text: ({ matrix, report, headline }) => [
    ...matrixTable(reportMatrix(matrix)),
    "",
    ...headline,
    "",
    `Report: ${report}`,
  ],
  exitCode: ({ matrix }, { failOnError }) => matrixExitCode(matrix, failOnError),
})
