/** The first prompt: core's instructions with a hint at the answer's form; before it worked examples, where asked for. */
import { type Prompt, type PromptContext, promptWithExamples, type WorkedExample, workedCalls } from "@swirl-ts/core"
import { readings } from "./readings.ts"
import type { Gsm8kRecord } from "./record.ts"
import { plainSolution, writtenSolution } from "./solution.ts"
import type { Gsm8kTask } from "./task.ts"

const answerHint = "Your answer is one number only: no unit, no words."

export function promptOf({ question, examples }: Gsm8kTask, context: PromptContext): Prompt {
  const shown = examples.map((record) => workedExample(record, context))
  return promptWithExamples(question, answerHint, context, shown)
}

/** The notes `<<a=b>>` of a solution as the calls and results they would be here, what it says between them as thoughts. */
function workedExample({ question, answer }: Gsm8kRecord, context: PromptContext): WorkedExample {
  const { notes, conclusion } = writtenSolution(answer)
  const calculations = notes
    .filter(({ query }) => query !== "" && !query.includes("="))
    .map(({ query, value, thought }) => ({
      query,
      result: Number.isInteger(Number(value)) ? Number(value).toFixed(1) : value,
      thought,
    }))
  const calls = workedCalls(context, "calculator", calculations)
  return {
    question,
    calls,
    answer: readings.official.extract(answer),
    conclusion: calls.length > 0 ? conclusion : plainSolution(answer),
  }
}
