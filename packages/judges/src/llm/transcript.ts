/** What a judge is shown of a conversation, as text. Only the judge's input is read: prompt, steps and action. */
import type { Action, JudgeInput, JudgeStep } from "@swirl-ts/core"
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

/** The model's turn; a call that does not stand in its text (the model's own tool calling) is written after it. */
export function actionText({ text, action }: { text: string; action: Action }): string {
  const turn = text.trim()
  const done = doneText(action)
  return done === undefined || turn.includes(done.content) ? turn || "(an empty turn)" : `${turn}\n${done.text}`.trim()
}

function doneText(action: Action): { content: string; text: string } | undefined {
  if (action.kind === "tool") return { content: action.query.trim(), text: `[calls ${action.tool}: ${action.query}]` }
  if (action.kind === "answer") return { content: action.answer.trim(), text: `[answers: ${action.answer}]` }
  return undefined
}
