/** The first turn: core's instructions with a hint at the answer's form; before them worked examples, where asked for. */
import { instructions, type Prompt, type PromptContext, userMessage } from "@swirl-ts/core"
import { readings } from "./readings.ts"
import type { Gsm8kTask, Row } from "./task.ts"

export const answerHint = "Your answer is one number only: no unit, no words."

export function promptOf(task: Gsm8kTask, context: PromptContext): Prompt {
  const parts = [instructions(task.question, answerHint, context)]
  if (task.examples.length > 0) {
    parts.unshift("Some questions with their solutions:", ...task.examples.map(workedExample))
  }
  return [userMessage(parts.join("\n\n"))]
}

/** The notes `<<a=b>>` are for readers of the dataset, and the last line is in words. */
function workedExample({ question, answer }: Row): string {
  const steps = answer
    .slice(0, answer.indexOf("####"))
    .replace(/<<[^<>]*>>/g, "")
    .trim()
  return `Question: ${question}\nSolution: ${steps}\nThe answer is ${readings.official.extract(answer)}.`
}
