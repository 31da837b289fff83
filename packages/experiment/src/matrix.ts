/** A finished experiment's evaluations, read back into its matrix. Nothing is remembered from running it. */
import { readdir } from "node:fs/promises"
import { join } from "node:path"
import { cellName, type Matrix, type MatrixRow, MatrixSchema, SwirlError } from "@swirl-ts/core"
import {
  cellResult,
  type EvaluatedCell,
  pairedCells,
  readEvaluation,
  readTrainResult,
  type StageContext,
} from "@swirl-ts/stages"
import { runPaths, writeDocument } from "@swirl-ts/store"
import { askedIds } from "./asked-ids.ts"
import { type ExperimentCell, experimentCells } from "./cells.ts"
import { baseRow, type Experiment } from "./experiment.ts"
import { type Job, planJobs } from "./plan.ts"

type EvaluateJob = Extract<Job, { kind: "evaluate" }>

/** Writes `matrix.json` into the experiment's folder. */
export async function collectMatrix(context: StageContext, experiment: Experiment): Promise<Matrix> {
  const cells = experimentCells(context.registry, experiment)
  const jobs = planJobs(experiment).filter((job): job is EvaluateJob => job.kind === "evaluate")
  const baseJob = jobs.find((job) => job.row === baseRow)!
  const asked = await askedQuestions(context, experiment, cells)
  const base = await readCells(context, asked, baseJob)
  const rows: MatrixRow[] = []
  for (const job of jobs.filter((each) => each !== baseJob)) {
    const measured = await readCells(context, asked, job)
    const training = experiment.trainings.find((each) => each.name === job.row)
    const result = training ? await readTrainResult(join(context.directory, job.folder), training.name) : undefined
    rows.push({
      name: job.row,
      train: training ? training.train.join("+") : "–",
      trainedOn: training && cells.filter(isOf(context, training.train)).map(({ name }) => name),
      filter: training?.filter ?? "–",
      algorithm: training?.algorithm ?? "reference",
      judge: training ? (training.judge ?? experiment.judge) : "–",
      oracle: result?.oracle || undefined,
      seed: training && job.seed,
      cells: Object.fromEntries(
        cells.map(({ name }) => [name, pairedCells(base.get(name)!, measured.get(name)!, job.seed).result]),
      ),
      alarms: result?.alarms,
      kept: result?.kept,
      checkpoint: result?.checkpoint,
    })
  }
  const matrix: Matrix = MatrixSchema.parse({
    schema: "swirl.matrix/1",
    policy: experiment.policy,
    judge: experiment.judge,
    cells: experiment.cells,
    base: Object.fromEntries(cells.map(({ name }) => [name, cellResult(base.get(name)!)])),
    rows,
    questions: experiment.evaluation.questions,
  })
  await writeDocument(runPaths(context.directory).matrix, matrix)
  return matrix
}

const isOf = ({ registry }: StageContext, benchmarks: readonly string[]) => {
  const fullNames = benchmarks.map((name) => registry.resolve("benchmarks", name).fullName)
  return ({ benchmark }: ExperimentCell): boolean => fullNames.includes(benchmark)
}

type Asked = ReadonlyMap<ExperimentCell, ReadonlySet<string>>

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

/** What one row measured, by the name of the cell in the experiment. */
async function readCells(
  { directory, registry }: StageContext,
  asked: Asked,
  job: EvaluateJob,
): Promise<Map<string, EvaluatedCell>> {
  const root = join(directory, job.folder, "eval")
  const policies = await readdir(root).catch(() => [])
  if (policies.length !== 1)
    throw new SwirlError(
      `${root} holds ${policies.length} evaluated policies in place of one; use a fresh --run folder.`,
    )
  const found = await readEvaluation(registry, join(root, policies[0]!))
  return new Map(
    [...asked].map(([cell, ids]) => {
      const measured = found.get(cellName(cell))
      if (!measured) throw new SwirlError(`${root} has no samples of ${cell.name}.`)
      return [cell.name, { ...measured, samples: measured.samples.filter(({ taskId }) => ids.has(taskId)) }]
    }),
  )
}
