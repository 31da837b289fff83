import { existsSync } from "node:fs"
import { join, resolve } from "node:path"
import type { Matrix } from "@swirl-ts/core"
import { demoExperiment } from "@swirl-ts/experiment"
import { peersDirectory } from "@swirl-ts/kit"
import { cleanModelDirectory } from "@swirl-ts/policy-nano"
import { reportMatrix } from "@swirl-ts/report"
import { backendStatus } from "@swirl-ts/transformer"
import { type Command, Option } from "commander"
import {
  type App,
  type CommonOptions,
  integer,
  openApp,
  positive,
  withCommonOptions,
  withModelOptions,
} from "../app.ts"
import { reportExperiment } from "../experiment-report.ts"
import { matrixTable } from "../matrix-table.ts"
import { runExperiment } from "../run-experiment.ts"

interface DemoCommandOptions extends CommonOptions {
  seed: number
  full?: boolean
  processes: number
}

const habits =
  "Part of the gain undoes what the base was given on purpose: its last demonstrations were noisy (early answers, repeats, broken tags, wrong operands). " +
  "`--full` shows the base before that, and a control that is rewarded for form alone."

export function registerDemo(program: Command): void {
  withModelOptions(
    withCommonOptions(
      program
        .command("demo")
        .description("the whole loop on the embedded policy: generate, judge, filter, train, evaluate, report")
        .addOption(new Option("--seed <n>").env("SWIRL_SEED").argParser(integer).default(7))
        .addOption(
          new Option("--run <directory>", "default: runs/demo-<seed>-<backend>, numbered on when that is finished"),
        )
        .addOption(new Option("--processes <n>", "jobs at once").argParser(positive).default(2))
        .addOption(
          new Option(
            "--full",
            "more filters, three seeds, temperature 1, oracle and control rows (about half an hour)",
          ),
        ),
    ),
  ).action(async (options: DemoCommandOptions) => {
    const app = await openApp(options)
    const backend =
      options.backend ??
      (backendStatus({ peersDirectory: peersDirectory(app.host) }).native.installed ? "native" : "wasm")
    const pinned: CommonOptions = { ...options, backend }
    const full = options.full ?? false
    const experiment = demoExperiment({
      seed: options.seed,
      full,
      ...(existsSync(cleanModelDirectory) ? { cleanBase: cleanModelDirectory } : {}),
    })
    const directory = options.run
      ? resolve(options.run)
      : freshFolder(app, `${experiment.name}-${options.seed}-${backend}`)
    introduce(app, directory, backend, full)
    const finished = await runExperiment(app, pinned, directory, experiment, Math.max(1, options.processes))
    const { path: report, headline } = await reportExperiment(app, directory, experiment, finished, {
      backend,
      notes: [habits],
      command: `npm run demo -- --seed ${options.seed}${full ? " --full" : ""}`,
    })
    const { matrix, seconds, jobs } = finished
    output(app, { matrix, seconds, jobs, backend, seed: options.seed, report, headline })
  })
}

/** A folder that is unfinished is continued; a finished one is never written again. */
function freshFolder(app: App, name: string): string {
  for (let number = 1; ; number++) {
    const folder = join(app.host.workingDirectory, "runs", number === 1 ? name : `${name}-${number}`)
    if (!existsSync(join(folder, "matrix.json"))) return folder
  }
}

function introduce(app: App, directory: string, backend: string, full: boolean): void {
  for (const line of [
    `swirl demo · backend ${backend} · records in ${directory}`,
    "A 0.43 M parameter language model answers questions with a calculator and a search tool, several steps each.",
    "It was pre-trained with bad habits. A judge that sees no reference answers scores every step; SWiRL trains on what is kept.",
    "cells: calc and lookup are trained on; -new are structures never seen; mixed needs both tools and is never trained on.",
    full
      ? "Every stage of the full study follows; this takes long."
      : "Two processes, about four minutes on two idle cores (about one with the native backend: swirl backend install).",
    "",
  ]) {
    app.output.say(line)
  }
}

interface DemoResult {
  matrix: Matrix
  seconds: number
  jobs: { id: string; seconds: number }[]
  backend: string
  seed: number
  report: string
  headline: string[]
}

function output(app: App, { matrix, seconds, jobs, backend, seed, report, headline }: DemoResult): void {
  const document = {
    seed,
    backend,
    judge: matrix.judge,
    seconds: Math.round(seconds * 10) / 10,
    base: matrix.base,
    rows: matrix.rows,
    jobs: jobs.map((job) => ({ ...job, seconds: Math.round(job.seconds * 10) / 10 })),
    report,
  }
  const byKind = new Map<string, number>()
  for (const { id, seconds: spent } of jobs) {
    const kind = id.split(" ")[0]!
    byKind.set(kind, (byKind.get(kind) ?? 0) + spent)
  }
  app.output.result(document, [
    "",
    ...matrixTable(reportMatrix(matrix)),
    "",
    ...headline,
    "",
    `Time: ${seconds.toFixed(0)} s (${[...byKind].map(([kind, spent]) => `${kind} ${spent.toFixed(0)}`).join(", ")} process seconds).`,
    `Report: ${report}`,
  ])
}
