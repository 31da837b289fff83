/** The first prompt: core's instructions with a hint at the answer's form; before it worked examples, where asked for. */
import { containsAnswer } from "@swirl-ts/bench-kit"
import { type Prompt, type PromptContext, promptWithExamples, type WorkedExample, workedCalls } from "@swirl-ts/core"
import { type CofcaRecord, passagesOf } from "./record.ts"
import type { CofcaTask } from "./task.ts"

const answerHint =
  "Go by what the passages say, even where you believe otherwise. Your answer is a few words only: a name, a date, a number, yes or no."

export function promptOf({ question, examples }: CofcaTask, context: PromptContext): Prompt {
  const shown = examples.map((record) => workedExample(record, context))
  return promptWithExamples(question, answerHint, context, shown)
}

/** Each sub-question as a search; its result is the passage that holds the sub-answer. */
function workedExample(record: CofcaRecord, context: PromptContext): WorkedExample {
  const searches = record.sub_questions.flatMap((query, place) => {
    const passage = passageFor(record, query, record.sub_answers[place] ?? "")
    return passage ? [{ query, result: `${passage.title}: ${passage.text}` }] : []
  })
  return { question: record.question, calls: workedCalls(context, "search", searches), answer: record.answer }
}

/** CofCA names no supporting passages: the one that holds the answer, one that the question names before others. */
function passageFor(record: CofcaRecord, question: string, answer: string) {
  const holding = passagesOf(record).filter((passage) => containsAnswer(passage.text, answer))
  return holding.find((passage) => containsAnswer(question, passage.title)) ?? holding[0]
}
