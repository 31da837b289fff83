/** No question is trained on and measured on. Questions are compared as text, whatever their ids say. */
import { SwirlError } from "@swirl-ts/core"
import { type StageContext, selectTasks, type TaskSelection } from "@swirl-ts/stages"
import { experimentCells } from "./cells.ts"
import type { Experiment } from "./experiment.ts"
import { questionsOf } from "./narrowed.ts"

const normalise = (question: string): string => question.normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim()

export interface Question {
  id: string
  question: string
}

/** Before anything runs: no question of a cell may be one that is trained on. */
export async function guardLeaks(context: StageContext, experiment: Experiment): Promise<void> {
  const questions = async (benchmark: string, selection: TaskSelection): Promise<Question[]> =>
    (await selectTasks(context, context.directory, benchmark, selection)).map(({ id, question }) => ({ id, question }))
  const sources = [...new Set(experiment.trainings.flatMap((training) => training.train))]
  const trained = (
    await Promise.all(
      sources.map((source) => questions(source, { split: "train", limit: experiment.generation.tasks })),
    )
  ).flat()
  // Temperatures ask the same questions.
  const splits = Map.groupBy(experimentCells(context.registry, experiment), (cell) => `${cell.benchmark}/${cell.split}`)
  for (const [first] of splits.values()) {
    const { benchmark, name } = first!
    assertNoLeak(trained, await questions(benchmark, questionsOf(experiment, first!)), name)
  }
}

/** Throws when an evaluation question was trained on, naming the first ones. */
export function assertNoLeak(training: readonly Question[], evaluation: readonly Question[], where: string): void {
  const trained = new Map(training.map(({ id, question }) => [normalise(question), id]))
  const leaks = evaluation.flatMap(({ id, question }) => {
    const source = trained.get(normalise(question))
    return source === undefined ? [] : [`${id} (trained on as ${source})`]
  })
  if (leaks.length === 0) return
  const more = leaks.length > 3 ? ` and ${leaks.length - 3} more` : ""
  throw new SwirlError(
    `${where}: ${leaks.length} evaluation questions were trained on: ${leaks.slice(0, 3).join(", ")}${more}. Measure on another split.`,
  )
}
