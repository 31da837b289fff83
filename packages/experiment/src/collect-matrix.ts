/** Reads a finished experiment's evaluations back into its matrix. Nothing is remembered from running it. */
import { readdir } from "node:fs/promises"
import { join } from "node:path"
import { type EvalSample, SwirlError } from "@swirl-ts/core"
import type { StageContext } from "@swirl-ts/stages"
import { cellResult, changedCell, loadTasks, readEvaluation, readTrainResult } from "@swirl-ts/stages"
import { runPaths, writeFileAtomic } from "@swirl-ts/store"
import { type Experiment, parseCell } from "./experiment.ts"
import { assertNoLeak } from "./leak-guard.ts"
import { type Matrix, type MatrixRow, MatrixSchema } from "./matrix.ts"
import { type Job, planJobs } from "./plan.ts"

type EvaluateJob = Extract<Job, { kind: "evaluate" }>

/** Writes `matrix.json` into the experiment's folder. */
export async function collectMatrix(context: StageContext, experiment: Experiment): Promise<Matrix> {
  const { registry } = context
  const metricOf = (cell: string): string =>
    registry.resolve("benchmarks", parseCell(cell).benchmark).value.primaryMetric
  const jobs = planJobs(experiment).filter((job): job is EvaluateJob => job.kind === "evaluate")
  const baseJob = jobs.find((job) => job.row === "base")!
  const base = await readCells(context, experiment, baseJob)
  const rows: MatrixRow[] = []
  for (const job of jobs.filter((each) => each !== baseJob)) {
    const cells = await readCells(context, experiment, job)
    const training = experiment.trainings.find((each) => each.name === job.row)
    const judge = training?.judge ?? experiment.judge
    const result = training ? await readTrainResult(join(context.directory, job.folder), training.name) : undefined
    rows.push({
      name: job.row,
      train: training ? training.train.join("+") : "–",
      filter: training?.filter ?? "–",
      algorithm: training?.algorithm ?? "reference",
      judge: training ? judge : "–",
      ...(result?.oracle ? { oracle: true } : {}),
      ...(training ? { seed: job.seed } : {}),
      cells: Object.fromEntries(
        experiment.cells.map((cell) => [
          cell,
          changedCell(base.get(cell)!, cells.get(cell)!, metricOf(cell), job.seed),
        ]),
      ),
      ...(result ? { alarms: result.alarms, kept: result.kept, checkpoint: result.checkpoint } : {}),
    })
  }
  const matrix: Matrix = MatrixSchema.parse({
    schema: "swirl.matrix/1",
    policy: experiment.policy,
    judge: experiment.judge,
    cells: experiment.cells,
    base: Object.fromEntries(experiment.cells.map((cell) => [cell, cellResult(base.get(cell)!, metricOf(cell))])),
    rows,
    questions: experiment.evaluation.questions,
  })
  await writeFileAtomic(runPaths(context.directory).matrix, `${JSON.stringify(matrix, null, 2)}\n`)
  return matrix
}

/** The samples of every cell of one row, only the questions the experiment asks. */
async function readCells(
  context: StageContext,
  experiment: Experiment,
  job: EvaluateJob,
): Promise<Map<string, EvalSample[]>> {
  const root = join(context.directory, job.folder, "eval")
  const policies = await readdir(root).catch(() => [])
  if (policies.length !== 1)
    throw new SwirlError(
      `${root} holds ${policies.length} evaluated policies in place of one; use a fresh --run folder.`,
    )
  const found = await readEvaluation(join(root, policies[0]!))
  return new Map(
    experiment.cells.map((cell) => {
      const { benchmark, split, temperature } = parseCell(cell)
      const { fullName } = context.registry.resolve("benchmarks", benchmark)
      const samples = found.get(`${fullName}/${split}${temperature === 0 ? "" : `@${temperature}`}`)
      if (!samples) throw new SwirlError(`${root} has no samples of ${cell}.`)
      return [cell, samples]
    }),
  )
}

/** Before anything runs: no question of a cell may be one that is trained on. */
export async function guardLeaks(context: StageContext, experiment: Experiment): Promise<void> {
  const questions = async (benchmark: string, split: string, limit: number) => {
    const list: { id: string; question: string }[] = []
    for await (const { id, question } of loadTasks(context, context.directory, benchmark, split, limit)) {
      list.push({ id, question })
      if (list.length === limit) break
    }
    return list
  }
  const sources = [...new Set(experiment.trainings.flatMap((training) => training.train))]
  const trained = (
    await Promise.all(sources.map((source) => questions(source, "train", experiment.generation.tasks)))
  ).flat()
  const cells = new Set(experiment.cells.map((cell) => cell.split("@")[0]!))
  for (const cell of cells) {
    const { benchmark, split } = parseCell(cell)
    assertNoLeak(trained, await questions(benchmark, split, experiment.evaluation.questions), cell)
  }
}
