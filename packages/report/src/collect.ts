/**
 * A run folder, or an experiment's folder of run folders, as report data. Everything is read back from records, as
 * streams; what is kept does not grow with the texts in them.
 */
import { basename, join, relative } from "node:path"
import {
  isScored,
  MetricSchema,
  scoreOf,
  type ToolTally,
  TrajectorySchema,
  toolTally,
  VerdictSchema,
} from "@swirl-ts/core"
import { evaluatedPolicies, evaluatedVerdicts, readRecords, runPaths } from "@swirl-ts/store"
import type { ReportCalibration, ReportData, ReportSample, ReportTraining } from "./data.ts"
import { filesIn, findRuns, foldersIn } from "./find-runs.ts"
import { findings } from "./findings.ts"
import { readMatrixFile } from "./matrix-file.ts"
import { type Candidate, sampleKind, samplePicker } from "./pick-samples.ts"
import { readProvenance } from "./provenance.ts"
import { evaluatedStages, readEvaluations, samplesMatrix } from "./samples-matrix.ts"
import { readVerdictBook, type Tally } from "./verdict-book.ts"

export interface CollectOptions {
  /** Trajectories shown in full; default 12. */
  samples?: number
  /** The primary metric of a benchmark, asked for samples of before they said it. */
  metricOf?(benchmark: string): string | undefined
  /** Whether a judge's identity is that of an oracle, asked for verdicts that do not say they are. */
  isOracle?(judge: string): boolean
  title?: string
  /** Default: now. */
  createdAt?: string
}

export async function collectReport(directory: string, options: CollectOptions = {}): Promise<ReportData> {
  const { isOracle = () => false, metricOf = () => undefined } = options
  const runs = await findRuns(directory)
  const counts: Record<string, number> = {}
  const add = (name: string, amount = 1): void => {
    counts[name] = (counts[name] ?? 0) + amount
  }

  const table = samplesMatrix()
  const correct = new Map<string, boolean>()
  for await (const sample of readEvaluations(runs)) {
    add("evaluationSamples")
    if (sample.status !== "scored") add(`evaluation ${sample.status}`)
    const metric = sample.primaryMetric ?? metricOf(sample.benchmark)
    if (metric === undefined && isScored(sample)) add("evaluation samples of an unknown metric")
    const score = metric === undefined ? undefined : scoreOf(sample, metric)
    table.add(sample, score)
    if (score !== undefined) correct.set(sample.trajectoryId, score === 1)
  }

  const calibration: ReportCalibration[] = []
  const tallies = new Map<string, Tally>()
  for (const run of runs) {
    const name = relative(directory, run)
    const book = await readVerdictBook(run, isOracle, name === "" ? undefined : name)
    calibration.push(...book.calibration)
    for (const [id, tally] of book.tallies) tallies.set(id, tally)
    for (const [verdict, amount] of Object.entries(book.total)) {
      add(`verdicts${verdict[0]!.toUpperCase()}${verdict.slice(1)}`, amount)
    }
  }

  const tools = toolTally()
  const samples = await readSamples(runs, { correct, tallies, limit: options.samples ?? 12, add, isOracle, tools })
  const matrix = (await readMatrixFile(directory)) ?? table.matrix(await evaluatedStages(runs))
  return {
    title: options.title ?? `Run ${basename(directory)}`,
    createdAt: options.createdAt ?? new Date().toISOString(),
    headline: findings(matrix),
    matrix,
    trainings: await readTrainings(directory, runs),
    calibration,
    tools: Object.entries(tools.uses()).map(([name, use]) => ({ name, ...use })),
    samples,
    provenance: await readProvenance(directory, runs),
    commands: [],
    counts,
    caveats: [],
  }
}

async function readTrainings(directory: string, runs: readonly string[]): Promise<ReportTraining[]> {
  const found: ReportTraining[] = []
  for (const run of runs) {
    for (const name of await foldersIn(join(run, "train"))) {
      const metrics = []
      const path = join(run, "train", name, "metrics.jsonl")
      for await (const metric of readRecords(path, MetricSchema, { idOf: ({ step }) => String(step) }))
        metrics.push(metric)
      const alarms = metrics.flatMap(({ step, alarms }) => alarms.map((alarm) => ({ step, ...alarm })))
      const where = relative(directory, run)
      found.push({ name: basename(where) === name ? where : [where, name].filter(Boolean).join(": "), metrics, alarms })
    }
  }
  return found
}

interface SampleSources {
  correct: ReadonlyMap<string, boolean>
  tallies: ReadonlyMap<string, Tally>
  limit: number
  add(name: string, amount?: number): void
  isOracle(judge: string): boolean
  tools: ToolTally
}

async function readSamples(
  runs: readonly string[],
  { correct, tallies, limit, add, isOracle, tools }: SampleSources,
): Promise<ReportSample[]> {
  const picker = samplePicker(limit)
  for (const run of runs) {
    const evaluated: string[] = []
    for (const folder of await evaluationFolders(run)) {
      evaluated.push(...(await filesIn(folder, ".trajectories.jsonl")).map((file) => join(folder, file)))
    }
    for (const path of [runPaths(run).trajectories, ...evaluated]) {
      const generated = path === runPaths(run).trajectories
      for await (const trajectory of readRecords(path, TrajectorySchema)) {
        if (generated) {
          add("trajectories")
          add("steps", trajectory.steps.length)
          add("malformedSteps", trajectory.steps.filter((step) => step.kind === "malformed").length)
          if (trajectory.status !== "answered") add(`trajectories ended by ${trajectory.status}`)
        }
        tools.add(trajectory)
        const right = correct.get(trajectory.id)
        const kind = sampleKind(right, tallies.get(trajectory.id))
        picker.add({ trajectory, kind, correct: right })
      }
    }
  }
  return withVerdicts(runs, picker.picked(), isOracle)
}

/** Those of the policies that were evaluated in a run folder. */
const evaluationFolders = async (run: string): Promise<string[]> =>
  (await evaluatedPolicies(run)).map((policy) => join(run, "eval", policy))

async function withVerdicts(
  runs: readonly string[],
  picked: readonly Candidate[],
  isOracle: SampleSources["isOracle"],
): Promise<ReportSample[]> {
  const verdicts = new Map<string, ReportSample["verdicts"]>(picked.map(({ trajectory }) => [trajectory.id, []]))
  const evaluated = (await Promise.all(runs.map(evaluationFolders))).flat().map(evaluatedVerdicts)
  for (const path of [...runs.map((run) => runPaths(run).verdicts), ...evaluated]) {
    for await (const verdict of readRecords(path, VerdictSchema)) {
      const oracle = verdict.oracle ?? isOracle(verdict.judge)
      verdicts.get(verdict.trajectoryId)?.push({ ...verdict, oracle })
    }
  }
  return picked.map(({ trajectory, correct, kind }) => ({
    trajectory,
    verdicts: verdicts.get(trajectory.id)!,
    label: kind,
    correct,
  }))
}
