/** A task made from one record, and the corpus that all tasks of the same files share. */
import { containsAnswer } from "@swirl-ts/bench-kit"
import { type Corpus, contentHash, type GoldStep, type Passage, type Task } from "@swirl-ts/core"
import { type CofcaRecord, recordsOf } from "./record.ts"

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

export function taskOf(
  record: CofcaRecord & { id: string },
  corpus: Corpus,
  examples: readonly CofcaRecord[],
): CofcaTask {
  return {
    id: record.id,
    question: record.question,
    answer: record.answer,
    hops: record.sub_answers.length,
    subQuestions: record.sub_questions,
    subAnswers: record.sub_answers,
    corpus,
    // An example that shares a step with the question would give that step away.
    examples: examples.filter(({ question, sub_answers: shown }) => {
      return question !== record.question && !shown.some((answer) => record.sub_answers.includes(answer))
    }),
  }
}

/** The sub-answers, each to be seen in an observation. `yes` and `no` stand in no passage. */
export function goldSteps({ subAnswers }: CofcaTask): GoldStep[] {
  const facts = subAnswers.filter((answer) => !/^\s*(yes|no)\W*$/i.test(answer))
  return facts.map((answer) => ({
    metric: "gold_step_recall",
    text: answer,
    seenIn: ({ text, isError }) => !isError && containsAnswer(text, answer),
  }))
}

/** Every passage of the files once. Some hundred passages: they are kept, and their hash is the id. */
export async function corpusOf(files: readonly string[]): Promise<Corpus> {
  const passages = new Map<string, Passage>()
  for await (const { context } of recordsOf(files)) {
    for (const passage of context.map(passageOf)) passages.set(JSON.stringify([passage.title, passage.text]), passage)
  }
  const all = [...passages.values()]
  return { id: `cofca-${contentHash(all, 32)}`, passages: () => all }
}

/** Sentences keep their leading space in HotpotQA; where they have none, one is put in. */
export function passageOf([title, sentences]: CofcaRecord["context"][number]): Passage {
  const text = sentences.reduce(
    (before, sentence) => (before === "" || /^\s/.test(sentence) ? before + sentence : `${before} ${sentence}`),
    "",
  )
  return { title, text: text.trim() }
}
