/** The first prompt: core's instructions with a hint at the answer's form; before it worked examples, where asked for. */
import { type Prompt, type PromptContext, promptWithExamples, type WorkedExample, workedCalls } from "@swirl-ts/core"
import type { BeerqaRecord } from "./record.ts"
import { type BeerqaTask, goldTitles, passageOf } from "./task.ts"

export const answerHint =
  "Your answer is yes, no, or a few words only: a name, a date, a number or a short phrase, no sentence."

export const promptOf = (task: BeerqaTask, context: PromptContext): Prompt =>
  promptWithExamples(
    task.question,
    answerHint,
    context,
    task.examples.map((record) => workedExample(record, context)),
  )

/** A search for each gold title, and its first gold paragraph as what the search gives. */
function workedExample(record: BeerqaRecord, context: PromptContext): WorkedExample {
  const searches = goldTitles(record).map((title) => {
    const { text } = passageOf(record.context!.find((paragraph) => paragraph[0] === title)!)
    return { query: title, result: `${title}: ${text}` }
  })
  return {
    question: record.question,
    calls: workedCalls(context, "search", searches),
    answer: record.answers?.[0] ?? "",
  }
}
