/** A task made from one record, and the corpus that all tasks of the same files share. */
import { containsAnswer, goldSteps, type Placed } from "@swirl-ts/bench-kit"
import { type Corpus, contentHash, type GoldStep, type Passage, type Task } from "@swirl-ts/core"
import { type CofcaRecord, passagesOf } from "./record.ts"

export interface CofcaTask extends Task {
  answer: string
  /** Number of sub-questions. */
  hops: number
  subQuestions: readonly string[]
  subAnswers: readonly string[]
  corpus: Corpus
  /** Worked examples for the prompt, made-up ones; empty unless `shots` are asked for. */
  examples: readonly CofcaRecord[]
}

export const taskOf = (
  record: CofcaRecord,
  { corpus, examples }: Pick<CofcaTask, "corpus" | "examples">,
): CofcaTask => ({
  id: record.id,
  question: record.question,
  answer: record.answer,
  hops: record.sub_answers.length,
  subQuestions: record.sub_questions,
  subAnswers: record.sub_answers,
  corpus,
  examples,
})

/** The sub-answers, each to be seen in an observation. `yes` and `no` stand in no passage. */
export function goldStepsOf({ subAnswers }: CofcaTask): GoldStep[] {
  const facts = subAnswers.filter((answer) => !/^\s*(yes|no)\W*$/i.test(answer))
  return goldSteps("gold_step_recall", facts, containsAnswer)
}

/** Every passage of the records once. Some hundred passages: they are kept, and their hash is the id. */
export async function corpusOf(records: AsyncIterable<Placed<CofcaRecord>>): Promise<Corpus> {
  const passages = new Map<string, Passage>()
  for await (const { record } of records) {
    for (const passage of passagesOf(record)) passages.set(JSON.stringify([passage.title, passage.text]), passage)
  }
  const all = [...passages.values()]
  return { id: `cofca-${contentHash(all, 32)}`, passages: () => all }
}
