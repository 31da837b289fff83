/** The official prediction file: JSON Lines, one a record, in the gold file's order, which is the order of loading. */
import { abstains } from "./prompt.ts"
import type { MusiqueTask } from "./task.ts"

export interface PredictedSample {
  taskId: string
  answer?: string | undefined
  /** Indexes of the paragraphs that support the answer; default: none predicted. */
  supportIndexes?: readonly number[]
  /** Default: whether there is an answer and it is not `unanswerable`. */
  answerable?: boolean
}

/**
 * `samples`: an evaluation's or trajectories, in any order; of two for a task the last one counts. `tasks`: all that
 * `load` gave, in its order. A task without an answer gets an empty one, which scores 0. All four keys are written, as the
 * official script wants them.
 */
export function predictionFile(
  samples: Iterable<PredictedSample>,
  tasks: Iterable<Pick<MusiqueTask, "id" | "recordId">>,
): string {
  const byTask = new Map<string, PredictedSample>()
  for (const sample of samples) byTask.set(sample.taskId, sample)
  let text = ""
  for (const { id, recordId } of tasks) {
    const { answer, supportIndexes = [], answerable } = byTask.get(id) ?? {}
    const line = {
      id: recordId,
      predicted_answer: answer ?? "",
      predicted_support_idxs: supportIndexes,
      predicted_answerable: answerable ?? (answer !== undefined && !abstains(answer)),
    }
    text += `${JSON.stringify(line)}\n`
  }
  return text
}
