/**
 * The leak guard of an experiment, before anything runs: no question of a cell may be one that a training of the experiment
 * will see, or that one of its policies has seen. What is only reported then stands in the samples of each row.
 */
import type { SeenQuestion, SeenUse } from "@swirl-ts/core"
import {
  type BenchmarkSplit,
  type CellLeaks,
  cellLeaks,
  knownQuestion,
  refuseLeaks,
  type StageContext,
  seenByPolicy,
  selectTasks,
  type TaskSelection,
} from "@swirl-ts/stages"
import { experimentCells } from "./cells.ts"
import type { Experiment } from "./experiment.ts"
import { questionsOf } from "./narrowed.ts"

export async function guardLeaks(context: StageContext, experiment: Experiment): Promise<void> {
  if (experiment.leak !== "refuse") return
  const { generation, rolloutTasks, policy, references, trainings } = experiment
  const splitOf = (name: string, split: string): BenchmarkSplit => ({
    benchmark: context.registry.resolve("benchmarks", name),
    split,
  })
  const tasksOf = ({ benchmark: { fullName } }: BenchmarkSplit, selection: TaskSelection) =>
    selectTasks(context, context.directory, fullName, selection, { shots: experiment.shots })

  const trained: SeenQuestion[] = []
  for (const name of new Set(trainings.flatMap(({ train }) => train))) {
    const from = splitOf(name, "train")
    const tasks = await tasksOf(from, { split: "train", limit: generation.tasks + rolloutTasks })
    for (const [place, task] of tasks.entries()) {
      const use: SeenUse = place < generation.tasks ? "training" : "roll-outs"
      trained.push({ schema: "swirl.seen-question/1", ...knownQuestion(from, task), use })
    }
  }
  const seenBy = new Map<string, readonly SeenQuestion[]>([["A training of this experiment will see", trained]])
  for (const model of new Set([policy, ...references.map((reference) => reference.policy ?? policy)]))
    seenBy.set(`${model} has seen`, (await seenByPolicy(context, model)).questions ?? [])

  const found = new Map<string, CellLeaks[]>([...seenBy.keys()].map((whoHasSeen) => [whoHasSeen, []]))
  // Temperatures ask the same questions.
  const splits = new Map(
    experimentCells(context.registry, experiment).map((cell) => [`${cell.benchmark} ${cell.split}`, cell]),
  )
  for (const cell of splits.values()) {
    const from = splitOf(cell.benchmark, cell.split)
    const tasks = await tasksOf(from, questionsOf(experiment, cell))
    for (const [whoHasSeen, seen] of seenBy) found.get(whoHasSeen)!.push(cellLeaks(from, tasks, seen))
  }
  for (const [whoHasSeen, cells] of found) refuseLeaks(cells, whoHasSeen)
}
