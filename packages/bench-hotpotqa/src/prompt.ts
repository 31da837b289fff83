/** The first prompt: core's instructions with a hint at the answer's form; before it worked examples, where asked for. */
import { type Prompt, type PromptContext, promptWithExamples, type WorkedExample, workedCalls } from "@swirl-ts/core"
import { type HotpotqaRecord, passagesOf } from "./record.ts"
import { goldTitles, type HotpotqaTask } from "./task.ts"

const answerHint = "Your answer is a few words: a name, a date, a number, or yes or no."

export function promptOf({ question, examples }: HotpotqaTask, context: PromptContext): Prompt {
  const shown = examples.map((record) => workedExample(record, context))
  return promptWithExamples(question, answerHint, context, shown)
}

/** Whether a record can be shown: its answer and the paragraphs of all its facts are there. */
export function canBeShown({ answer, supporting_facts, context }: HotpotqaRecord): boolean {
  const facts = supporting_facts ?? []
  return Boolean(answer) && facts.length > 0 && facts.every(([title]) => context.some(([name]) => name === title))
}

/** A search for each gold title, answered by its paragraph as the search tool shows one. */
function workedExample(record: HotpotqaRecord, context: PromptContext): WorkedExample {
  const passages = passagesOf(record)
  const searches = goldTitles({ facts: record.supporting_facts ?? [] }).map((title) => ({
    query: title,
    result: `${title}: ${passages.find((passage) => passage.title === title)?.text ?? ""}`,
  }))
  return { question: record.question, calls: workedCalls(context, "search", searches), answer: record.answer ?? "" }
}
