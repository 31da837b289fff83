/**
 * What a training has seen, written down when it begins: the questions whose trajectories are trained on, those that judge,
 * filter and calibration went by and that filter or budget left out, the worked examples that their prompts show, the tasks
 * of its roll-outs, and whatever the policy had seen that it starts from.
 */
import {
  type Algorithm,
  errorMessage,
  type KnownQuestion,
  MetricSchema,
  type SeenQuestion,
  type SeenUse,
  type Task,
  taskKey,
} from "@swirl-ts/core"
import { existsSync } from "@swirl-ts/platform"
import { hasRecord, runPaths } from "@swirl-ts/store"
import type { StageContext } from "../context.ts"
import { type BenchmarkSplit, knownQuestion, knowsMore, workedExamples } from "../leaks/known-question.ts"
import { writeSeen } from "../leaks/seen-questions.ts"
import { recordedTasks } from "../recorded-tasks.ts"
import type { SourceFolder } from "./followed-selection.ts"
import type { TaskSet } from "./fresh-rollouts.ts"
import type { SelectionRequest, TrainingSelection } from "./training-selection.ts"

/** Into the training's folder, before its first step: one that goes on goes on with what it wrote then. */
export async function writeSeenByTraining(
  context: StageContext,
  { name, budget }: Pick<SelectionRequest, "name" | "budget">,
  parts: {
    algorithm: Pick<Algorithm, "needs">
    selection: TrainingSelection
    rollouts(): Promise<readonly TaskSet[]>
    /** By the policy that the training starts from. */
    seenBefore: readonly SeenQuestion[]
  },
): Promise<void> {
  const { metrics, seen } = runPaths(context.directory).training(name)
  if (existsSync(seen) && (await hasRecord(metrics, MetricSchema))) return
  // Fresh episodes are made of every task, unless a budget says of how many.
  const isAllTrained = budget === undefined && (parts.algorithm.needs?.includes("rollouts") ?? false)
  const own = await seenByTraining(context, name, { ...parts.selection, isAllTrained }, await parts.rollouts())
  await writeSeen(seen, [...parts.seenBefore, ...own])
}

async function seenByTraining(
  context: StageContext,
  name: string,
  { taken, sources, isAllTrained }: TrainingSelection & { isAllTrained: boolean },
  rollouts: readonly TaskSet[],
): Promise<SeenQuestion[]> {
  const trained = new Set(taken.map(({ id }) => id))
  const questions: SeenQuestion[] = []
  const add = (use: SeenUse, question: KnownQuestion): void => {
    questions.push({ schema: "swirl.seen-question/1", ...question, use, training: name })
  }
  const addShown = (from: BenchmarkSplit, task: Task): void => {
    const { fullName } = from.benchmark
    for (const question of workedExamples(from, task))
      add("worked-example", { benchmark: fullName, split: from.split, question })
  }
  for (const source of sources) {
    const tasks = await tasksOf(context, source)
    for (const { id, benchmark, split, taskId, question } of source.trajectories) {
      const from = { benchmark: context.registry.resolve("benchmarks", benchmark), split }
      const task = tasks.get(taskKey({ benchmark, split, taskId }))
      const known = knownQuestion(from, task ?? { id: taskId, question })
      add(isAllTrained || trained.has(id) ? "training" : "selection", known)
      if (task) addShown(from, task)
    }
  }
  for (const { benchmark, split, tasks } of rollouts) {
    const from = { benchmark: context.registry.resolve("benchmarks", benchmark), split }
    for (const task of tasks) {
      add("roll-outs", knownQuestion(from, task))
      addShown(from, task)
    }
  }
  return questions
}

/** The tasks of the trajectories where they say more than these; without their data, the trajectories are all there is. */
async function tasksOf(context: StageContext, { directory, trajectories }: SourceFolder): Promise<Map<string, Task>> {
  const tasks = new Map<string, Task>()
  const worth = trajectories.filter(({ benchmark }) => knowsMore(context.registry.resolve("benchmarks", benchmark)))
  try {
    for (const { task, trajectory } of await recordedTasks(context, directory, worth))
      tasks.set(taskKey(trajectory), task)
  } catch (error) {
    context.abortSignal?.throwIfAborted()
    context.host.log(
      `Of what ${directory} is trained on the texts alone are written down, no passages, steps or worked examples: ${errorMessage(error)}`,
    )
  }
  return tasks
}
