/** An experiment's evaluations, read back into its matrix: all of it, or what is there so far. Nothing is remembered from running it. */
import { join } from "node:path"
import {
  type CellResult,
  type ChangedCell,
  type Matrix,
  type MatrixRow,
  MatrixSchema,
  SwirlError,
  type TrainingResultRecord,
} from "@swirl-ts/core"
import { cellResult, type EvaluatedCell, pairedCells, readTrainResult, type StageContext } from "@swirl-ts/stages"
import { runPaths, writeDocument } from "@swirl-ts/store"
import { askedIds } from "./asked-ids.ts"
import { type ExperimentCell, experimentCells } from "./cells.ts"
import { baseRow, type Experiment } from "./experiment.ts"
import {
  type Asked,
  type EvaluateJob,
  type ExperimentState,
  type MeasuredRow,
  measuredRow,
  orReason,
} from "./measured-row.ts"
import { planJobs } from "./plan.ts"

const everything: ExperimentState = { failed: [], unfinished: [] }

/** Writes `matrix.json` into the experiment's folder. */
export async function collectMatrix(
  context: StageContext,
  experiment: Experiment,
  state: ExperimentState = everything,
): Promise<Matrix> {
  const cells = experimentCells(context.registry, experiment)
  const jobs = planJobs(experiment).filter((job): job is EvaluateJob => job.kind === "evaluate")
  const baseJob = jobs.find((job) => job.row === baseRow)!
  const asked = await askedQuestions(context, experiment, cells)
  const base = await measuredRow(context, asked, baseJob, state)
  const rows: MatrixRow[] = []
  for (const job of jobs.filter((each) => each !== baseJob)) {
    const training = experiment.trainings.find((each) => each.name === job.row)
    const trained = training ? `train ${training.name} seed ${job.seed}` : undefined
    const failure = state.failed.find((each) => each.job === trained)?.reason
    const result: TrainingResultRecord | undefined =
      training && failure === undefined
        ? await readTrainResult(join(context.directory, job.folder), training.name)
        : undefined
    const measured = failure === undefined ? await measuredRow(context, asked, job, state) : failure
    rows.push({
      name: job.row,
      train: training ? training.train.join("+") : "–",
      trainedOn: training && cells.filter(isOf(context, training.train)).map(({ name }) => name),
      filter: training?.filter ?? "–",
      algorithm: training?.algorithm ?? "reference",
      judge: training ? (training.judge ?? experiment.judge) : "–",
      oracle: result?.oracle || undefined,
      seed: training && job.seed,
      ...changes(base, measured, job.seed),
      alarms: result?.alarms,
      kept: result?.kept,
      checkpoint: result?.checkpoint,
    })
  }
  const { found, withoutResult } = told(base, (cell) => cellResult(cell))
  const matrix: Matrix = MatrixSchema.parse({
    schema: "swirl.matrix/1",
    policy: experiment.policy,
    judge: experiment.judge,
    cells: experiment.cells,
    base: found,
    rows,
    questions: experiment.evaluation.questions,
    withoutResult,
    unfinished: state.unfinished.length > 0 ? state.unfinished : undefined,
    failed: state.failed.length > 0 ? state.failed : undefined,
  } satisfies Matrix)
  await writeDocument(runPaths(context.directory).matrix, matrix)
  return matrix
}

/** A row against the base, cell by cell; where no cell has a result, and for one reason, that is the row's. */
function changes(
  base: MeasuredRow,
  measured: MeasuredRow | string,
  seed: number,
): Pick<MatrixRow, "cells" | "withoutResult" | "outcome"> {
  if (typeof measured === "string") return { cells: {}, outcome: measured }
  const { found, withoutResult } = told(measured, (cell, name): ChangedCell => {
    // Its own reason goes before one that the comparison would give.
    const { accuracy, n } = cellResult(cell)
    const before = base.get(name)!
    const reason = typeof before === "string" ? before : orReason(() => cellResult(before))
    if (typeof before !== "string" && typeof reason !== "string") return pairedCells(before, cell, seed).result
    throw new SwirlError(
      `${(100 * accuracy).toFixed(1)} % (n ${n}), but the base has no result to compare it with: ${reason}`,
    )
  })
  const reasons = new Set(Object.values(withoutResult ?? {}))
  const [only] = reasons
  return Object.keys(found).length === 0 && reasons.size === 1
    ? { cells: {}, outcome: only }
    : { cells: found, withoutResult }
}

/** The cells that have a result, and why the others have none. */
function told<R extends CellResult>(
  row: MeasuredRow,
  resultOf: (cell: EvaluatedCell, name: string) => R,
): { found: Record<string, R>; withoutResult?: Record<string, string> } {
  const found: Record<string, R> = {}
  const withoutResult: Record<string, string> = {}
  for (const [name, cell] of row) {
    const result = typeof cell === "string" ? cell : orReason(() => resultOf(cell, name))
    if (typeof result === "string") withoutResult[name] = result
    else found[name] = result
  }
  return { found, withoutResult: Object.keys(withoutResult).length > 0 ? withoutResult : undefined }
}

const isOf = ({ registry }: StageContext, benchmarks: readonly string[]) => {
  const fullNames = benchmarks.map((name) => registry.resolve("benchmarks", name).fullName)
  return ({ benchmark }: ExperimentCell): boolean => fullNames.includes(benchmark)
}

/** By cell, the ids of its questions; a split is read once for all temperatures. */
async function askedQuestions(
  context: StageContext,
  { evaluation }: Experiment,
  cells: readonly ExperimentCell[],
): Promise<Asked> {
  const asked = new Map<ExperimentCell, ReadonlySet<string>>()
  const read = new Map<string, ReadonlySet<string>>()
  for (const cell of cells) {
    const { benchmark, split } = cell
    const key = `${benchmark} ${split}`
    const selection = { split, limit: evaluation.questions }
    const ids = read.get(key) ?? (await askedIds(context, context.directory, benchmark, selection))
    read.set(key, ids)
    asked.set(cell, ids)
  }
  return asked
}
