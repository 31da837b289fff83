/** The official prediction file: JSON Lines, one a record, in the gold file's order, which is the order of loading. */
import { abstains } from "./prompt.ts"
import type { MusiqueTask } from "./task.ts"

export interface PredictedSample {
  task: Pick<MusiqueTask, "recordId">
  /** None is written as an empty text, which scores 0. */
  answer?: string | undefined
  /** Indexes of the paragraphs that support the answer; default: none predicted. */
  supportIndexes?: readonly number[]
  /** Default: whether there is an answer and it is not `unanswerable`. */
  answerable?: boolean
}

/** Samples have to come in the order of `load`; all four keys are written, as the official script wants them. */
export function predictionFile(samples: Iterable<PredictedSample>): string {
  let text = ""
  for (const { task, answer, supportIndexes = [], answerable } of samples) {
    const line = {
      id: task.recordId,
      predicted_answer: answer ?? "",
      predicted_support_idxs: supportIndexes,
      predicted_answerable: answerable ?? (answer !== undefined && !abstains(answer)),
    }
    text += `${JSON.stringify(line)}\n`
  }
  return text
}
