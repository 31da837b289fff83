/** The report of an experiment: everything in it is read back from the records its jobs wrote. */
import { readdir } from "node:fs/promises"
import { hostname } from "node:os"
import { join } from "node:path"
import { type MetricRecord, MetricSchema, type Trajectory, TrajectorySchema } from "@swirl-ts/core"
import {
  calibrateJudge,
  type Experiment,
  isGamed,
  type Job,
  type Matrix,
  openJudge,
  planJobs,
  readTrajectories,
} from "@swirl-ts/experiment"
import { judgeTrajectory } from "@swirl-ts/judges"
import { type ReportInput, writeReport } from "@swirl-ts/report"
import { readRecords, runPaths } from "@swirl-ts/store"
import type { App } from "./app.ts"
import type { FinishedExperiment } from "./run-experiment.ts"
import { version } from "./version.ts"

type JobOf<K extends Job["kind"]> = Extract<Job, { kind: K }>
const ofKind = <K extends Job["kind"]>(jobs: readonly Job[], kind: K): JobOf<K>[] =>
  jobs.filter((job): job is JobOf<K> => job.kind === kind)

/** Writes `report/index.html` and returns its absolute path. */
export async function reportExperiment(
  app: App,
  directory: string,
  experiment: Experiment,
  { matrix, seconds }: FinishedExperiment,
  facts: { backend: string; closing: readonly string[] },
): Promise<string> {
  const jobs = planJobs(experiment)
  const data: ReportInput = {
    title: `${experiment.name}: ${experiment.policy}, judge ${experiment.judge}`,
    createdAt: new Date().toISOString(),
    headline: [...facts.closing],
    matrix: reportMatrix(matrix),
    trainings: await Promise.all(
      ofKind(jobs, "train").map((job) => training(directory, job, experiment.seeds.length > 1)),
    ),
    calibration: await calibrations(app, directory, jobs, experiment),
    samples: await samples(app, directory, experiment, matrix, jobs),
    provenance: {
      policy: experiment.policy,
      judge: experiment.judge,
      backend: facts.backend,
      seeds: experiment.seeds.join(", "),
      "seconds of this run": seconds.toFixed(0),
      machine: `${hostname()}, ${process.platform} ${process.arch}, Node ${process.version}`,
      swirl: version,
      records: directory,
    },
    counts: await counts(directory, jobs),
  }
  return writeReport(directory, data)
}

function reportMatrix(matrix: Matrix): ReportInput["matrix"] {
  return {
    columns: matrix.cells,
    questions: matrix.questions,
    rows: [
      { name: "base", kind: "base", cells: matrix.base },
      ...matrix.rows.map((row) => ({
        ...row,
        kind: row.algorithm === "reference" ? ("reference" as const) : ("training" as const),
      })),
    ],
  }
}

async function training(directory: string, job: JobOf<"train">, manySeeds: boolean) {
  const metrics: MetricRecord[] = []
  const paths = runPaths(join(directory, job.folder)).training(job.training.name)
  for await (const metric of readRecords(paths.metrics, MetricSchema, { idOf: ({ step }) => String(step) }))
    metrics.push(metric)
  const alarms = metrics.flatMap(({ step, alarms }) => alarms.map((alarm) => ({ step, ...alarm })))
  return { name: manySeeds ? `${job.training.name} (seed ${job.seed})` : job.training.name, metrics, alarms }
}

/** On the base's own trajectories, where a benchmark has an oracle judge. */
async function calibrations(app: App, directory: string, jobs: readonly Job[], experiment: Experiment) {
  if (!app.registry.has("oracles", "plan")) return []
  const folders = new Set(ofKind(jobs, "generate").map((job) => job.folder))
  const found = []
  for (const folder of folders) {
    const context = { ...app.context, directory: join(directory, folder), onProgress: () => {} }
    for (const { benchmark, calibration } of await calibrateJudge(context, {
      judge: experiment.judge,
      oracle: "plan",
    })) {
      found.push({ ...calibration, task: `${benchmark} (${folder})` })
    }
  }
  return found
}

/** A few trajectories of the base and of every trained policy, with the experiment's judge on every step. */
async function samples(app: App, directory: string, experiment: Experiment, matrix: Matrix, jobs: readonly Job[]) {
  const bench = openJudge({ ...app.context, directory }, experiment.judge)
  const picked: NonNullable<ReportInput["samples"]> = []
  const add = async (trajectory: Trajectory, label: string): Promise<void> => {
    const judge = await bench.forTask(trajectory.benchmark, trajectory.split, trajectory.taskId)
    const verdicts = await judgeTrajectory(trajectory, judge)
    picked.push({ trajectory, verdicts, label })
  }
  const source = ofKind(jobs, "generate")[0]
  if (source)
    for (const trajectory of (await readTrajectories(join(directory, source.folder))).slice(0, 3))
      await add(trajectory, "base, while generating")
  for (const job of ofKind(jobs, "evaluate").filter((each) => each.seed === experiment.seeds[0])) {
    const gamed = matrix.rows.some((row) => row.name === job.row && isGamed(row))
    for (const trajectory of await firstEvaluated(join(directory, job.folder), job.row === "base" ? 2 : 1)) {
      await add(trajectory, `${job.row}${gamed ? ", gamed" : ""}, evaluation`)
    }
  }
  return picked
}

async function firstEvaluated(folder: string, count: number): Promise<Trajectory[]> {
  const root = join(folder, "eval")
  const [policy] = await readdir(root)
  const file = (await readdir(join(root, policy!))).filter((name) => name.endsWith(".trajectories.jsonl")).sort()[0]
  const found: Trajectory[] = []
  for await (const trajectory of readRecords(join(root, policy!, file!), TrajectorySchema)) {
    found.push(trajectory)
    if (found.length === count) break
  }
  return found
}

async function counts(directory: string, jobs: readonly Job[]): Promise<Record<string, number>> {
  const total = {
    trajectories: 0,
    steps: 0,
    "malformed steps": 0,
    "trajectories without an answer": 0,
    "trajectories with errors": 0,
  }
  for (const job of ofKind(jobs, "generate")) {
    for (const trajectory of await readTrajectories(join(directory, job.folder))) {
      total.trajectories++
      total.steps += trajectory.steps.length
      total["malformed steps"] += trajectory.steps.filter((step) => step.kind === "malformed").length
      if (trajectory.status === "error") total["trajectories with errors"]++
      else if (trajectory.status !== "answered") total["trajectories without an answer"]++
    }
  }
  return total
}
