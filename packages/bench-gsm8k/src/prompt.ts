/** The first turn: core's instructions with a hint at the answer's form; before them worked examples, where asked for. */
import { instructions, type Prompt, type PromptContext, userMessage } from "@swirl-ts/core"
import { readings } from "./readings.ts"
import type { Gsm8kTask, Row } from "./task.ts"

export const answerHint = "Your answer is one number only: no unit, no words."

export function promptOf(task: Gsm8kTask, context: PromptContext): Prompt {
  const parts = [instructions(task.question, answerHint, context)]
  if (task.examples.length > 0) {
    const worked = (row: Row): string => (context.format.name === "tags" ? workedTurns(row, context) : workedProse(row))
    parts.unshift("Some questions with their solutions:", ...task.examples.map(worked))
  }
  return [userMessage(parts.join("\n\n"))]
}

/** The notes `<<a=b>>` as the calls and results they would be here, so that an example shows what a turn looks like. */
function workedTurns({ question, answer }: Row, { tools }: PromptContext): string {
  const tag = tools[0]?.tag.name ?? "math_exp"
  const calls = [...answer.matchAll(/<<([^<>=]+)=([^<>=]+)>>/g)].map(([, expression, value]) => {
    const result = Number(value)
    const printed = Number.isInteger(result) ? result.toFixed(1) : value
    return `<${tag}>${expression}</${tag}>\n${expression} -> ${printed}`
  })
  return [`Question: ${question}`, ...calls, `<answer>${readings.official.extract(answer)}</answer>`].join("\n")
}

/** The notes are for readers of the dataset, and the last line is in words. */
function workedProse({ question, answer }: Row): string {
  const steps = answer
    .slice(0, answer.indexOf("####"))
    .replace(/<<[^<>]*>>/g, "")
    .trim()
  return `Question: ${question}\nSolution: ${steps}\nThe answer is ${readings.official.extract(answer)}.`
}
