/** The first prompt: core's instructions with a hint at the answer's form; before it worked examples, where asked for. */
import { normaliseAnswer } from "@swirl-ts/bench-kit"
import { type Prompt, type PromptContext, promptWithExamples, type WorkedExample, workedCalls } from "@swirl-ts/core"
import type { MusiqueRecord } from "./record.ts"
import { abstention, type MusiqueTask } from "./task.ts"

const answerHint = "Your answer is a few words only: a name, a date, a number or a short phrase, no sentence."
const twinsHint = `${answerHint} If the passages do not hold what the question needs, your answer is: ${abstention}`

export const abstains = (answer: string): boolean => normaliseAnswer(answer) === abstention

export function promptOf({ question, examples }: MusiqueTask, context: PromptContext, twins: boolean): Prompt {
  const shown = examples.map((record) => workedExample(record, context))
  return promptWithExamples(question, twins ? twinsHint : answerHint, context, shown)
}

/** Each step of the decomposition as a search, its supporting paragraph as what the search gives. */
function workedExample(record: MusiqueRecord, context: PromptContext): WorkedExample {
  const paragraphs = new Map(record.paragraphs.map((paragraph) => [paragraph.idx, paragraph]))
  const searches = record.question_decomposition.flatMap(({ question, paragraph_support_idx }) => {
    const paragraph = paragraph_support_idx === null ? undefined : paragraphs.get(paragraph_support_idx)
    if (!paragraph) return []
    return [{ query: subQuestion(question, record), result: `${paragraph.title}: ${paragraph.paragraph_text}` }]
  })
  return { question: record.question, calls: workedCalls(context, "search", searches), answer: record.answer ?? "" }
}

/** `#1 >> spouse` with the first step's answer in place of `#1`, in words a search takes. */
function subQuestion(question: string, { question_decomposition }: MusiqueRecord): string {
  return question
    .replace(/#(\d+)/g, (placeholder, step: string) => question_decomposition[Number(step) - 1]?.answer ?? placeholder)
    .replace(/\s*>>\s*/g, " ")
    .trim()
}
