import { resolve } from "node:path"
import type { Matrix } from "@swirl-ts/core"
import { checkNames, type Narrowing, narrowed, readExperiment } from "@swirl-ts/experiment"
import { reportMatrix } from "@swirl-ts/report"
import { reportExperiment } from "../experiment-report.ts"
import { importDefault } from "../import-default.ts"
import { matrixExitCode } from "../matrix-exit-code.ts"
import { openableRows } from "../openable-rows.ts"
import {
  cacheOptions,
  dataOptions,
  engineOptions,
  failOnError,
  leak,
  modelOptions,
  requestOptions,
  runOptions,
  toolOptions,
} from "../options/tables.ts"
import { idList, path, positive, whole as wholeNumber } from "../options/values.ts"
import { matrixTable } from "../render/matrix-table.ts"
import { planLines } from "../render/plan-lines.ts"
import { planExperiment, runExperiment } from "../run-experiment.ts"
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
    plan: { help: "say what it will take (trajectories, tokens, money, time), run nothing but what is measured" },
    measure: {
      value: "<n>",
      help: "questions of the base's first cell that --plan asks where none are there yet; the run goes on with them; 0 for none",
      parse: wholeNumber,
      default: 16,
    },
    only: {
      value: "<rows>",
      help: "these rows (or generate, judge) and what they need, separated by commas; the others are shown as far as they are",
      parse: idList,
    },
    processes: { value: "<n>", help: "jobs at once", parse: positive, default: 2 },
    seed: { value: "<n>", help: "this seed alone, in place of the experiment's", parse: wholeNumber },
    limit: { value: "<n>", help: "first n questions of every cell, in place of evaluation.questions", parse: positive },
    ids: {
      value: "<list>",
      help: "only these questions, separated by commas; cells that have none of them are left out",
      parse: idList,
    },
    concurrency: { ...runOptions.concurrency, help: "trajectories at once in each process" },
    failOnError,
    leak: { ...leak, help: `${leak.help}; in place of the file's own` },
    ...dataOptions,
    ...modelOptions,
    ...cacheOptions,
    ...engineOptions,
    ...toolOptions,
    ...requestOptions,
  },
  async run(outer, { experiment: file, run, processes, backend, plan, measure, only, ...part }) {
    const { workingDirectory } = outer.host
    const given = await importDefault(resolve(workingDirectory, file), "experiment", "defineExperiment({ … })", {
      mayBeJson: true,
    })
    const whole = readExperiment(given, `The experiment ${file}`)
    const directory = resolve(workingDirectory, run ?? `runs/${whole.name}`)
    const seed = part.seed ?? whole.seeds[0]!
    const context = { ...outer, directory, seed, settings: { ...outer.settings, seed } }
    await checkNames(context, whole, `The experiment ${file}`)
    const experiment = await narrowed(context, whole, part)
    if (plan)
      return { plan: await planExperiment(context, experiment, { processes, measure, only }), matrix: undefined }
    const finished = await runExperiment(context, experiment, processes, { only })
    const { path: report, headline } = await reportExperiment(context, experiment, finished, {
      backend: backend ?? "default",
      command: [`swirl matrix ${file} --run ${directory}`, ...partFlags({ ...part, only })].join(" "),
    })
    return { matrix: finished.matrix, directory, seconds: finished.seconds, report, headline, plan: undefined }
  },
  document: (result) =>
    result.plan
      ? result.plan
      : {
          ...result.matrix,
          rows: openableRows(result.matrix.rows, result.directory),
          seconds: result.seconds,
          report: result.report,
        },
  text: (result) =>
    result.plan
      ? planLines(result.plan)
      : [...matrixTable(reportMatrix(result.matrix)), "", ...result.headline, "", `Report: ${result.report}`],
  exitCode: ({ matrix }, { failOnError, only }) => (matrix ? matrixExitCode(rowsOf(matrix, only), failOnError) : 0),
})

/** Those that were asked for: of the others nothing is missed. */
function rowsOf<M extends Matrix>(matrix: M, only: readonly string[] | undefined): M {
  if (!only) return matrix
  const isBase = only.includes("base")
  return {
    ...matrix,
    ...(isBase ? {} : { base: {}, baseBySeed: undefined, withoutResult: undefined }),
    rows: matrix.rows.filter(({ name }) => only.includes(name)),
  }
}

/** What was asked of the experiment, as it would be asked again. */
const partFlags = ({ seed, limit, ids, leak, only }: Narrowing & { only?: readonly string[] }): string[] =>
  Object.entries({ seed, limit, ids: ids?.join(","), leak, only: only?.join(",") }).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name} ${value}`],
  )
