import { existsSync } from "node:fs"
import { join, resolve } from "node:path"
import { MatrixSchema } from "@swirl-ts/core"
import { demoExperiment } from "@swirl-ts/experiment"
import { peersDirectory } from "@swirl-ts/kit"
import { cleanModelDirectory, secondModelDirectory } from "@swirl-ts/policy-nano"
import { reportMatrix } from "@swirl-ts/report"
import { readDocument, runPaths } from "@swirl-ts/store"
import { backendStatus } from "@swirl-ts/transformer"
import type { CommandContext } from "../context.ts"
import { reportExperiment } from "../experiment-report.ts"
import { matrixExitCode } from "../matrix-exit-code.ts"
import { openableRows } from "../openable-rows.ts"
import { modelOptions } from "../options/tables.ts"
import { path, positive, whole } from "../options/values.ts"
import { matrixTable } from "../render/matrix-table.ts"
import { type FinishedExperiment, runExperiment } from "../run-experiment.ts"
import { defineCommand } from "./command.ts"

const habits =
  "Part of the gain undoes what the base was given on purpose: its last demonstrations were noisy (early answers, repeats, broken tags, wrong operands). " +
  "`--full` shows the base before that, and a control that is rewarded for form alone."

export const command = defineCommand({
  name: "demo",
  description: "the whole loop on the embedded policy: generate, judge, filter, train, evaluate, report",
  options: {
    seed: { value: "<n>", parse: whole, environment: "SWIRL_SEED", default: 7 },
    run: {
      value: "<directory>",
      parse: path,
      help: "default: runs/demo-<seed>-<backend>, numbered on when that is finished",
    },
    processes: { value: "<n>", help: "jobs at once", parse: positive, default: 2 },
    full: {
      help: "more filters, three seeds, temperature 1, oracle and control rows, from every base policy that is there (about half an hour each)",
    },
    ...modelOptions,
  },
  async run(outer, { seed, run, processes, full, backend: asked }) {
    const { host, settings } = outer
    const { installed } = backendStatus({ peersDirectory: peersDirectory(host) }).native
    const backend = asked ?? (installed ? "native" : "wasm")
    const { workingDirectory } = host
    const name = `${full ? "demo-full" : "demo"}-${seed}-${backend}`
    const bases = full ? fullBases() : [{ policy: "nano", suffix: "" }]
    const suffixes = bases.map(({ suffix }) => suffix)
    const folder = run
      ? resolve(workingDirectory, run)
      : await freshFolder(join(workingDirectory, "runs", name), suffixes)
    if (full && bases.length === 1) outer.say(secondBase)
    const results: DemoResult[] = []
    for (const { policy, suffix } of bases) {
      const cleanBase = policy === "nano" && existsSync(cleanModelDirectory) ? cleanModelDirectory : undefined
      const experiment = demoExperiment({ seed, full, policy, cleanBase })
      const directory = `${folder}${suffix}`
      const context = { ...outer, directory, settings: { ...settings, backend } }
      introduce(context, backend, full)
      const { matrix, seconds, jobs } = await runExperiment(context, experiment, processes)
      const { path: report, headline } = await reportExperiment(
        context,
        experiment,
        { seconds },
        {
          backend,
          notes: [habits],
          command: `npm run demo -- --seed ${seed}${full ? " --full" : ""}`,
        },
      )
      results.push({ policy, matrix, directory, seconds, jobs, report, headline })
    }
    return { results, backend, seed }
  },
  document({ results: [first, ...others], backend, seed }) {
    const { policy: _, ...document } = documentOf(first!)
    return {
      seed,
      backend,
      ...document,
      ...(others.length > 0 ? { otherBases: others.map(documentOf) } : {}),
    }
  },
  text: ({ results }) => results.flatMap(textOf),
  exitCode: ({ results }) => Math.max(...results.map(({ matrix }) => matrixExitCode(matrix))),
})

interface DemoResult extends FinishedExperiment {
  policy: string
  directory: string
  report: string
  headline: string[]
}

const documentOf = ({ policy, matrix, directory, seconds, jobs, report }: DemoResult) => ({
  policy,
  judge: matrix.judge,
  seconds: Math.round(seconds * 10) / 10,
  base: matrix.base,
  rows: openableRows(matrix.rows, directory),
  jobs: jobs.map((job) => ({ ...job, seconds: Math.round(job.seconds * 10) / 10 })),
  report,
})

function textOf({ policy, matrix, seconds, jobs, report, headline }: DemoResult): string[] {
  const byKind = new Map<string, number>()
  for (const { kind, seconds: spent } of jobs) byKind.set(kind, (byKind.get(kind) ?? 0) + spent)
  return [
    "",
    ...(policy === "nano" ? [] : [`Base: ${policy}`, ""]),
    ...matrixTable(reportMatrix(matrix)),
    "",
    ...headline,
    "",
    `Time: ${seconds.toFixed(0)} s (${[...byKind].map(([kind, spent]) => `${kind} ${spent.toFixed(0)}`).join(", ")} process seconds).`,
    `Report: ${report}`,
  ]
}

/** A result on one base is a result on one base. */
const fullBases = (): { policy: string; suffix: string }[] => [
  { policy: "nano", suffix: "" },
  ...(existsSync(secondModelDirectory) ? [{ policy: `local:${secondModelDirectory}`, suffix: "-second-base" }] : []),
]

const secondBase =
  "The second base policy is not here, so this is one base's result. In a checkout: npm run nano:train -- --noise-only --seed 1 --out packages/policy-nano/seed-1"

/** Folders that are unfinished are continued; finished ones are never written again. */
async function freshFolder(name: string, suffixes: readonly string[]): Promise<string> {
  for (let number = 1; ; number++) {
    const folder = number === 1 ? name : `${name}-${number}`
    const finished = await Promise.all(suffixes.map((suffix) => isFinished(`${folder}${suffix}`)))
    if (!finished.every(Boolean)) return folder
  }
}

async function isFinished(folder: string): Promise<boolean> {
  const matrix = await readDocument(runPaths(folder).matrix, MatrixSchema)
  return matrix !== undefined && !matrix.unfinished && !matrix.failed
}

function introduce({ directory, say }: CommandContext, backend: string, full: boolean): void {
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
    say(line)
  }
}
