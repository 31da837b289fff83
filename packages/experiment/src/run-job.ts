/** One job of a plan: names become stages. Runs in any process that has the registry; run again, it continues. */
import { join } from "node:path"
import { SwirlError } from "@swirl-ts/core"
import {
  evaluateCells,
  generate,
  judge,
  openPolicy,
  readTrainResult,
  type StageContext,
  selectTasks,
  train,
} from "@swirl-ts/stages"
import { experimentCells } from "./cells.ts"
import { type Experiment, judgeOf } from "./experiment.ts"
import type { Job } from "./plan.ts"

/** `context.directory` is the experiment's folder; the job's own folder is inside it. */
export async function runJob(context: StageContext, experiment: Experiment, job: Job): Promise<void> {
  const here: StageContext = { ...context, directory: join(context.directory, job.folder), seed: job.seed }
  switch (job.kind) {
    case "generate": {
      const { tasks, samples, temperature } = experiment.generation
      const { policy: model, actionFormat } = experiment
      await generate(here, {
        benchmarks: [job.benchmark],
        split: "train",
        model,
        limit: tasks,
        samples,
        temperature,
        actionFormat,
      })
      return
    }
    case "judge":
      await judge(here, job.judge)
      return
    case "train": {
      const { training } = job
      const { judge, options: judgeOptions } = judgeOf(experiment, training)
      await train(here, {
        name: training.name,
        policy: experiment.policy,
        algorithm: training.algorithm,
        engine: experiment.engine,
        strategy: training.filter,
        judge,
        judgeOptions,
        options: { ...experiment.training, ...training.options },
        rolloutTasks: experiment.rolloutTasks,
        sources: job.sources.map((source) => join(context.directory, source)),
        tasks: await askedTasks(context, experiment, job),
      })
      return
    }
    case "evaluate": {
      const model = job.model ?? (await checkpointOf(here, job.row))
      const policy = await openPolicy(context, model)
      try {
        const cells = experimentCells(context.registry, experiment)
        const requests = cells.map(({ benchmark, split, temperature }) => ({
          benchmark,
          split,
          temperature,
          model,
          epochs: 1,
          limit: experiment.evaluation.questions,
          actionFormat: experiment.actionFormat,
        }))
        await evaluateCells(here, requests, { policy })
      } finally {
        await policy.close?.()
      }
    }
  }
}

/** By source folder. One in which more was generated before holds others, too. */
async function askedTasks(
  context: StageContext,
  { generation }: Experiment,
  { training, sources }: Extract<Job, { kind: "train" }>,
): Promise<Map<string, Set<string>>> {
  const asked = new Map<string, Set<string>>()
  for (const [index, source] of sources.entries()) {
    const directory = join(context.directory, source)
    const selection = { split: "train", limit: generation.tasks }
    const tasks = await selectTasks(context, directory, training.train[index]!, selection)
    asked.set(directory, new Set(tasks.map(({ id }) => id)))
  }
  return asked
}

/** The model string of what a training ended with. */
async function checkpointOf({ directory }: StageContext, training: string): Promise<string> {
  const result = await readTrainResult(directory, training)
  if (!result) throw new SwirlError(`The training ${training} in ${directory} has not finished.`)
  return `local:${result.checkpoint}`
}
