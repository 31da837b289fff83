/** A task made from one record: the official id, so that answers can be handed to the official script as they are. */
import type { Corpus, Passage, Task } from "@swirl-ts/core"
import type { BeerqaRecord, Paragraph } from "./record.ts"

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
  const { id, question, answers = [] } = record
  const source = label ?? record.source
  const [answer] = answers
  return {
    id,
    question,
    ...(answer === undefined ? {} : { answer, acceptedAnswers: answers }),
    record,
    source,
    corpus,
    examples,
  }
}

/** Titles of the gold paragraphs, each once, in the dataset's order; none where the data has none. */
export const goldTitles = ({ context = [] }: BeerqaRecord): string[] => [...new Set(context.map(([title]) => title))]

export const passageOf = ([title, text]: Paragraph): Passage => ({ title, text: text.trim() })
