/** One job of a plan: names become stages. Runs in any process that has the registry; run again, it continues. */
import { join } from "node:path"
import { SwirlError } from "@swirl-ts/core"
import {
  type EngineRequest,
  type EvaluateRequest,
  evaluateCells,
  type GenerateRequest,
  generate,
  judge,
  judgeEvaluated,
  openPolicy,
  readPrompting,
  readTrainResult,
  type StageContext,
  type TrainRequest,
  train,
} from "@swirl-ts/stages"
import { askedIds, askedQuestions, judgedOf } from "./asked-ids.ts"
import { cellsOf, experimentCells } from "./cells.ts"
import { refuseOtherPolicy } from "./evaluated-policy.ts"
import { type Experiment, judgeOf } from "./experiment.ts"
import { questionsOf } from "./narrowed.ts"
import type { Job } from "./plan.ts"

/** `context.directory` is the experiment's folder; the job's own folder is inside it. */
export async function runJob(outer: StageContext, experiment: Experiment, job: Job): Promise<void> {
  const context = withPrecision(outer, experiment)
  const here: StageContext = { ...context, directory: join(context.directory, job.folder), seed: job.seed }
  switch (job.kind) {
    case "generate":
      await generate(here, generationOf(context, experiment, job))
      return
    case "judge":
      await judge(here, job.judge)
      return
    case "train": {
      const tasks = await askedTasks(context, experiment, job)
      await train(here, { ...trainingOf(context, experiment, job), tasks })
      return
    }
    case "evaluate": {
      const model = job.model ?? (await checkpointOf(here, job.row))
      const policy = await openPolicy(context, model)
      try {
        await refuseOtherPolicy(here.directory, job, policy)
        const requests = evaluationsOf(context, experiment, job, model)
        const evaluated = await evaluateCells(here, requests, { policy })
        await judgeSteps(context, here, { experiment, job, policy: evaluated[0]!.policy })
      } finally {
        await policy.close?.()
      }
    }
  }
}

/** Of the first questions of each cell, where the experiment asks for it. */
async function judgeSteps(
  context: StageContext,
  here: StageContext,
  { experiment, job, policy }: { experiment: Experiment; job: Extract<Job, { kind: "evaluate" }>; policy: string },
): Promise<void> {
  if (experiment.evaluation.judged === undefined) return
  const cells = cellsOf(job, experimentCells(context.registry, experiment))
  const asked = await askedQuestions(context, experiment, cells)
  await judgeEvaluated(here, {
    ...judgeOf(experiment),
    cells: [...asked].map(([cell, ids]) => ({ ...cell, policy, taskIds: judgedOf(ids, experiment) })),
  })
}

export const generationOf = (
  { host }: StageContext,
  { generation: { tasks, samples, temperature }, policy: model, actionFormat, prompt, shots, limits }: Experiment,
  { benchmark }: Extract<Job, { kind: "generate" }>,
): GenerateRequest => ({
  benchmarks: [benchmark],
  split: "train",
  model,
  limit: tasks,
  samples,
  temperature,
  actionFormat,
  prompting: readPrompting({ prompt, shots }, host),
  limits,
})

export function trainingOf(
  context: StageContext,
  experiment: Experiment,
  { training, sources }: Extract<Job, { kind: "train" }>,
): TrainRequest {
  const { judge, options: judgeOptions } = judgeOf(experiment, training)
  return {
    name: training.name,
    ...engineOf(experiment),
    algorithm: training.algorithm,
    strategy: training.filter,
    judge,
    judgeOptions,
    options: { ...experiment.training, ...training.options },
    rolloutTasks: experiment.rolloutTasks,
    budget: training.budget,
    sources: sources.map((source) => join(context.directory, source)),
  }
}

export function evaluationsOf(
  { registry, host }: StageContext,
  experiment: Experiment,
  job: Extract<Job, { kind: "evaluate" }>,
  model: string,
): EvaluateRequest[] {
  const own = experiment.references.find(({ name }) => name === job.row)
  const { prompt = experiment.prompt, shots = experiment.shots, tools } = own ?? {}
  const { actionFormat = experiment.actionFormat, limits = experiment.limits } = own ?? {}
  const prompting = readPrompting({ prompt, shots }, host)
  return cellsOf(job, experimentCells(registry, experiment)).map(({ benchmark, split, temperature }) => ({
    benchmark,
    temperature,
    model,
    epochs: temperature === 0 ? 1 : experiment.evaluation.epochs,
    ...questionsOf(experiment, { benchmark, split }),
    actionFormat,
    prompting,
    limits,
    tools,
    leak: experiment.leak,
  }))
}

/** Options are absent where nothing is said: trainings of before go on. */
export function engineOf({ policy, engine, engineOptions, precision }: Experiment): EngineRequest {
  return { policy, engine, engineOptions: precision === undefined ? engineOptions : { precision, ...engineOptions } }
}

/** What the experiment says of weights goes before what the command says. */
export const withPrecision = (context: StageContext, { precision }: Experiment): StageContext =>
  precision === undefined ? context : { ...context, modelOptions: { ...context.modelOptions, precision } }

/** By source folder, the ids of its tasks. */
async function askedTasks(
  context: StageContext,
  { generation }: Experiment,
  { training, sources }: Extract<Job, { kind: "train" }>,
): Promise<Map<string, Set<string>>> {
  const asked = new Map<string, Set<string>>()
  for (const [index, source] of sources.entries()) {
    const directory = join(context.directory, source)
    const selection = { split: "train", limit: generation.tasks }
    asked.set(directory, await askedIds(context, directory, training.train[index]!, selection))
  }
  return asked
}

/** The model string of what a training ended with. */
async function checkpointOf({ directory }: StageContext, training: string): Promise<string> {
  const result = await readTrainResult(directory, training)
  if (!result) throw new SwirlError(`The training ${training} in ${directory} has not finished.`)
  return `local:${result.checkpoint}`
}
