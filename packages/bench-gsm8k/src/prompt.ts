/** The first prompt: core's instructions with a hint at the answer's form; before it worked examples, where asked for. */
import { type Prompt, type PromptContext, promptWithExamples, type WorkedExample, workedCalls } from "@swirl-ts/core"
import { readings } from "./readings.ts"
import type { Gsm8kTask, Row } from "./task.ts"

const answerHint = "Your answer is one number only: no unit, no words."

export const promptOf = (task: Gsm8kTask, context: PromptContext): Prompt =>
  promptWithExamples(
    task.question,
    answerHint,
    context,
    task.examples.map((row) => workedExample(row, context)),
  )

/** The notes `<<a=b>>` of a solution as the calls and results they would be here. */
function workedExample({ question, answer }: Row, context: PromptContext): WorkedExample {
  const calculations = [...answer.matchAll(/<<([^<>=]+)=([^<>=]+)>>/g)].map(([, query = "", value = ""]) => ({
    query,
    result: Number.isInteger(Number(value)) ? Number(value).toFixed(1) : value,
  }))
  return {
    question,
    calls: workedCalls(context, "calculator", calculations),
    answer: readings.official.extract(answer),
  }
}
