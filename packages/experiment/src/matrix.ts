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
import { cellResult, pairedCells, readTrainResult, type StageContext } from "@swirl-ts/stages"
import { readDocument, runPaths, writeDocument } from "@swirl-ts/store"
import { askedQuestions } from "./asked-ids.ts"
import { behaviourOf } from "./behaviour.ts"
import { beyondLines } from "./beyond-lines.ts"
import { cellCoverage } from "./cell-coverage.ts"
import { experimentCells, isSampled } from "./cells.ts"
import { baseRow, type Experiment } from "./experiment.ts"
import { familiesOf } from "./families.ts"
import { insideFolder } from "./inside-folder.ts"
import { judgedSteps } from "./judged-steps.ts"
import { type Measurement, measuredBy } from "./measured.ts"
import { type ExperimentState, type JudgedCell, type MeasuredRow, measuredRow, orReason } from "./measured-row.ts"
import type { EvaluateJob, Job } from "./plan.ts"
import { plannedJobs } from "./planned-jobs.ts"
import { stepMeasures } from "./step-measures.ts"
import { trainingCost } from "./training-cost.ts"

const everything: ExperimentState = { failed: [], unfinished: [] }

/** Writes `matrix.json` into the experiment's folder. */
export async function collectMatrix(
  context: StageContext,
  experiment: Experiment,
  state: ExperimentState = everything,
): Promise<Matrix> {
  const cells = experimentCells(context.registry, experiment)
  const plan = await plannedJobs(context.directory, experiment)
  const jobs = plan.filter((job): job is EvaluateJob => job.kind === "evaluate")
  const asked = await askedQuestions(context, experiment, cells)
  const judged = judgedSteps(context, experiment, asked)
  const measurements: Measurement[] = []
  for (const job of jobs) {
    const failure = trainingFailure(job, state)
    const row = failure ?? (await measuredRow(context, asked, job, state, { judged, details: experiment.details }))
    measurements.push({ row: job.row, seed: job.seed, cells: row })
  }
  const measured = measuredBy(experiment, measurements)
  const baseOf = (seed: number, some = cells): MeasuredRow =>
    new Map(some.map((cell) => [cell.name, measured.at(baseRow, seed, cell)]))
  const rows: MatrixRow[] = []
  for (const [place, job] of jobs.entries()) {
    if (job.row === baseRow) continue
    const training = experiment.trainings.find((each) => each.name === job.row)
    const families = training && familiesOf(context.registry, training.train, cells)
    const result: TrainingResultRecord | undefined =
      training && trainingFailure(job, state) === undefined
        ? await readTrainResult(join(context.directory, job.folder), training.name)
        : undefined
    rows.push({
      name: job.row,
      train: training ? training.train.join("+") : "–",
      trainedOn: families?.trainedOn.map(({ name }) => name),
      filter: training?.filter ?? "–",
      algorithm: training?.algorithm ?? "reference",
      judge: training ? (training.judge ?? experiment.judge) : "–",
      oracle: result?.oracle || undefined,
      seed: training && job.seed,
      sameFamily: families?.sameFamily.map(({ name }) => name),
      ...changes(baseOf(job.seed), measurements[place]!.cells, job.seed),
      alarms: result?.alarms,
      stopped: result?.stopped,
      kept: result?.kept,
      budget: training?.budget,
      used: result?.used,
      cost:
        training && experiment.details
          ? await trainingCost(join(context.directory, job.folder), job.row, result)
          : undefined,
      checkpoint: result?.checkpoint,
    })
  }
  const unfinished = [...state.unfinished, ...notEnded(plan, measurements, state)]
  const path = runPaths(context.directory).matrix
  // One that cannot be read was there, too: what comes now came after it.
  const earlier = await readDocument(path, MatrixSchema).catch(() => ({ contrasts: [] }))
  const inside = insideFolder(context.directory)
  const reasons = (some: Record<string, string> | undefined) =>
    some && Object.fromEntries(Object.entries(some).map(([name, reason]) => [name, inside(reason)]))
  const coverage = await cellCoverage(context, asked, jobs)
  const { found, withoutResult } = told(baseOf(experiment.seeds[0]!), cellResult)
  const sampled = cells.filter(isSampled)
  const ofSeed = (seed: number) => {
    const { found, withoutResult } = told(baseOf(seed, sampled), cellResult)
    return { seed, cells: found, withoutResult: reasons(withoutResult) }
  }
  const matrix: Matrix = MatrixSchema.parse({
    schema: "swirl.matrix/1",
    policy: experiment.policy,
    judge: experiment.judge,
    cells: experiment.cells,
    base: found,
    rows: rows.map((row) => ({
      ...row,
      outcome: row.outcome && inside(row.outcome),
      withoutResult: reasons(row.withoutResult),
      checkpoint: row.checkpoint && inside(row.checkpoint),
    })),
    questions: experiment.evaluation.questions,
    pickedBy: experiment.evaluation.ids && "ids",
    judged: experiment.evaluation.judged,
    withoutResult: reasons(withoutResult),
    baseBySeed: sampled.length > 0 ? experiment.seeds.map(ofSeed) : undefined,
    ...beyondLines(context, experiment, { cells, rows, measured, coverage, earlier }),
    unfinished: unfinished.length > 0 ? unfinished : undefined,
    failed:
      state.failed.length > 0 ? state.failed.map(({ job, reason }) => ({ job, reason: inside(reason) })) : undefined,
  } satisfies Matrix)
  await writeDocument(path, matrix)
  return matrix
}

/** Of the jobs that are not run now those whose records are not all there: of evaluations by their cells, of others by what needs them. */
function notEnded(
  plan: readonly Job[],
  measurements: readonly Measurement[],
  { notRun = [] }: ExperimentState,
): string[] {
  const evaluations = plan.filter(({ kind }) => kind === "evaluate")
  const isMeasured = new Map(
    evaluations.map(({ id }, place) => {
      const { cells } = measurements[place]!
      return [id, typeof cells !== "string" && [...cells.values()].every((cell) => typeof cell !== "string")] as const
    }),
  )
  const hasEnded = (job: Job): boolean =>
    !notRun.includes(job.id) ||
    (isMeasured.get(job.id) ?? plan.some((each) => each.needs.includes(job.id) && hasEnded(each)))
  // Of what trainings are made of they say it themselves.
  const isOfRow = ({ kind }: Job): boolean => kind === "train" || kind === "evaluate"
  return plan.filter((job) => isOfRow(job) && notRun.includes(job.id) && !hasEnded(job)).map(({ id }) => id)
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
    if (typeof before !== "string" && typeof reason !== "string")
      return { ...pairedCells(before, cell, seed).result, behaviour: behaviourOf(before, cell, seed) }
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
  resultOf: (cell: JudgedCell, name: string) => R,
): { found: Record<string, R>; withoutResult?: Record<string, string> } {
  const found: Record<string, R> = {}
  const withoutResult: Record<string, string> = {}
  for (const [name, cell] of row) {
    const result = typeof cell === "string" ? cell : orReason(() => resultOf(cell, name))
    if (typeof result === "string") withoutResult[name] = result
    else found[name] = { ...result, ...(typeof cell === "string" ? {} : stepMeasures(cell)) }
  }
  return { found, withoutResult: Object.keys(withoutResult).length > 0 ? withoutResult : undefined }
}

/** The reason why the training of a row gave nothing to measure. */
const trainingFailure = ({ row, seed }: EvaluateJob, { failed }: ExperimentState): string | undefined =>
  failed.find(({ job }) => job === `train ${row} seed ${seed}`)?.reason
