/** What a judge is shown of a conversation, as text. Only the judge's input is read: prompt, steps and action. */
import { type Action, type JudgeInput, type JudgeStep, turnText } from "@swirl-ts/core"
import { questionOf } from "../grounded/evidence.ts"

export interface Transcript {
  question: string
  conversation: string
}

export function transcript(input: Pick<JudgeInput, "prompt" | "conversation">): Transcript {
  return {
    question: questionOf(input).trim(),
    conversation:
      input.conversation.length === 0
        ? "(none: nothing has been asked or found yet)"
        : input.conversation.map(stepText).join("\n\n"),
  }
}

function stepText(step: JudgeStep, index: number): string {
  const { observation } = step
  const result = observation ? `\n${observation.isError ? "Error" : "Result"}: ${observation.text}` : ""
  return `Step ${index + 1}: ${actionText(step)}${result}`
}

export const actionText = (turn: { text: string; action: Action }): string => turnText(turn).trim() || "(an empty turn)"
