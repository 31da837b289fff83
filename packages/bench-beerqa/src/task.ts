/** A task made from one record: the official id, so that answers can be handed to the official script as they are. */
import { goldSteps, showsTitle } from "@swirl-ts/bench-kit"
import type { Corpus, GoldStep, Task } from "@swirl-ts/core"
import { type BeerqaRecord, passagesOf } from "./record.ts"

export interface BeerqaTask extends Task {
  record: BeerqaRecord
  /** `squad`, `hotpotqa`, or as labelled; absent where it is not known. */
  source?: string
  corpus: Corpus
  /** Worked examples for the prompt, from the train split; empty unless `shots` are asked for. */
  examples: readonly BeerqaRecord[]
}

export interface TaskParts {
  label: string | undefined
  corpus: Corpus
  examples: readonly BeerqaRecord[]
}

/** The first gold answer stands as the task's answer; scores take all of them. */
export function taskOf(record: BeerqaRecord, { label, corpus, examples }: TaskParts): BeerqaTask {
  const { id, question, src } = record
  const [answer, ...others] = record.answers ?? []
  return {
    id,
    question,
    ...(answer === undefined ? {} : { answer, acceptedAnswers: [answer, ...others] }),
    record,
    source: label ?? src ?? undefined,
    corpus,
    examples,
  }
}

/** Titles of the gold paragraphs, each once, in the dataset's order; none where the data has none. */
export const goldTitles = (record: Pick<BeerqaRecord, "context">): string[] => [
  ...new Set(passagesOf(record).map(({ title }) => title)),
]

/**
 * What a good trajectory retrieves. A record's context is its gold paragraphs and nothing else, so each title counts as
 * found by any paragraph of that article (`gold_step_recall`), and each paragraph by itself (`gold_paragraph_recall`).
 */
export function goldStepsOf({ record }: BeerqaTask): GoldStep[] {
  const paragraphs = new Set(passagesOf(record).map(({ text }) => text))
  paragraphs.delete("")
  return [
    ...goldSteps("gold_step_recall", goldTitles(record), showsTitle),
    ...goldSteps("gold_paragraph_recall", paragraphs, (observation, paragraph) =>
      observation.normalize().includes(paragraph.normalize()),
    ),
  ]
}
