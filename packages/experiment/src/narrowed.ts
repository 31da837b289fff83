/** A part of an experiment, as a command asks for it: one seed, fewer questions, or these alone. Everything else stays as it is. */
import { type LeakMode, SwirlError } from "@swirl-ts/core"
import { loadTasks, type StageContext, type TaskSelection } from "@swirl-ts/stages"
import { type ExperimentCell, experimentCells } from "./cells.ts"
import type { Experiment } from "./experiment.ts"

export interface Narrowing {
  /** In place of the experiment's seeds. */
  seed?: number
  /** First questions of every cell. */
  limit?: number
  /** These questions alone: each is looked for in every cell, and cells that have none of them are left out. */
  ids?: readonly string[]
  /** In place of the experiment's own. */
  leak?: LeakMode
}

export async function narrowed(
  context: StageContext,
  experiment: Experiment,
  { seed, limit, ids, leak }: Narrowing,
): Promise<Experiment> {
  const { seeds, evaluation } = experiment
  const part: Experiment = {
    ...experiment,
    leak: leak ?? experiment.leak,
    seeds: seed === undefined ? seeds : [seed],
    evaluation: { ...evaluation, questions: limit ?? evaluation.questions },
  }
  return ids ? withQuestions(context, part, ids) : part
}

async function withQuestions(
  context: StageContext,
  experiment: Experiment,
  ids: readonly string[],
): Promise<Experiment> {
  const cells = experimentCells(context.registry, experiment)
  const found: Record<string, string[]> = {}
  for (const cell of cells) found[splitOf(cell)] ??= await idsIn(context, cell, ids)
  const known = new Set(Object.values(found).flat())
  const unknown = ids.filter((id) => !known.has(id))
  if (unknown.length > 0)
    throw new SwirlError(
      `No cell has the question ${unknown.slice(0, 3).join(", ")}${unknown.length > 3 ? " …" : ""}.`,
      {
        kind: "usage",
      },
    )
  const kept = cells.filter((cell) => found[splitOf(cell)]!.length > 0).map(({ name }) => name)
  const questions = Math.max(...Object.values(found).map(({ length }) => length))
  // Contrasts stay as they were declared, with cells that are not asked now.
  return { ...experiment, cells: kept, evaluation: { ...experiment.evaluation, questions, ids: found } }
}

async function idsIn(context: StageContext, { benchmark, split }: ExperimentCell, ids: readonly string[]) {
  const wanted = new Set(ids)
  const found: string[] = []
  for await (const { id } of loadTasks(context, context.directory, benchmark, split)) {
    if (wanted.delete(id)) found.push(id)
    if (wanted.size === 0) break
  }
  return found
}

const splitOf = ({ benchmark, split }: Pick<ExperimentCell, "benchmark" | "split">): string => `${benchmark}/${split}`

/** The questions of a cell that are asked. */
export const questionsOf = (
  { evaluation: { questions, skip, ids } }: Experiment,
  cell: Pick<ExperimentCell, "benchmark" | "split">,
): TaskSelection => {
  const own = ids?.[splitOf(cell)]
  return own ? { split: cell.split, ids: own } : { split: cell.split, limit: questions, skip }
}
