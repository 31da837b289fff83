/** Which tasks an experiment asks: a folder that was asked more before holds others, too. */
import { type StageContext, selectTasks, type TaskSelection } from "@swirl-ts/stages"
import type { ExperimentCell } from "./cells.ts"
import type { Experiment } from "./experiment.ts"
import { questionsOf } from "./narrowed.ts"

export async function askedIds(
  context: StageContext,
  directory: string,
  benchmark: string,
  selection: TaskSelection,
): Promise<Set<string>> {
  const tasks = await selectTasks(context, directory, benchmark, selection)
  return new Set(tasks.map(({ id }) => id))
}

/** By cell, the ids of its questions, in their order. */
export type Asked = ReadonlyMap<ExperimentCell, ReadonlySet<string>>

/** A split is read once for all temperatures. */
export async function askedQuestions(
  context: StageContext,
  experiment: Experiment,
  cells: readonly ExperimentCell[],
): Promise<Asked> {
  const asked = new Map<ExperimentCell, ReadonlySet<string>>()
  const read = new Map<string, ReadonlySet<string>>()
  for (const cell of cells) {
    const { benchmark, split } = cell
    const key = `${benchmark} ${split}`
    const ids = read.get(key) ?? (await askedIds(context, context.directory, benchmark, questionsOf(experiment, cell)))
    read.set(key, ids)
    asked.set(cell, ids)
  }
  return asked
}

/** The first of them, whose steps are judged. */
export const judgedOf = (ids: ReadonlySet<string>, { evaluation }: Experiment): ReadonlySet<string> =>
  new Set([...ids].slice(0, evaluation.judged ?? 0))
