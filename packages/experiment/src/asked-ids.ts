/** Which tasks an experiment asks: a folder that was asked more before holds others, too. */
import { type StageContext, selectTasks, type TaskSelection } from "@swirl-ts/stages"

export async function askedIds(
  context: StageContext,
  directory: string,
  benchmark: string,
  selection: TaskSelection,
): Promise<Set<string>> {
  const tasks = await selectTasks(context, directory, benchmark, selection)
  return new Set(tasks.map(({ id }) => id))
}
