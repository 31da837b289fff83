/** The first prompt: core's instructions with a hint at the answer's form; before it worked examples, where asked for. */
import { type Prompt, type PromptContext, promptWithExamples, type WorkedExample, workedCalls } from "@swirl-ts/core"
import { type BeerqaRecord, passagesOf } from "./record.ts"
import { type BeerqaTask, goldTitles } from "./task.ts"

const answerHint =
  "Your answer is yes, no, or a few words only: a name, a date, a number or a short phrase, no sentence."

export function promptOf({ question, examples }: BeerqaTask, context: PromptContext): Prompt {
  const shown = examples.map((record) => workedExample(record, context))
  return promptWithExamples(question, answerHint, context, shown)
}

/** A search for each gold title, and its first gold paragraph as what the search gives. */
function workedExample(record: BeerqaRecord, context: PromptContext): WorkedExample {
  const passages = passagesOf(record)
  const searches = goldTitles(record).map((title) => ({
    query: title,
    result: `${title}: ${passages.find((passage) => passage.title === title)!.text}`,
  }))
  return {
    question: record.question,
    calls: workedCalls(context, "search", searches),
    answer: record.answers?.[0] ?? "",
  }
}
