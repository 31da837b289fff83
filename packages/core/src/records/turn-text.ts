/** A model's turn for people and judges: a call that does not stand in its text (the model's own tool calling) is written after it. */
import type { Action } from "../contracts/action.ts"

export function turnText({ text, action }: { text: string; action: Action }): string {
  const done = doneText(action)
  return done === undefined || text.includes(done.content) ? text : `${text.trim()}\n${done.text}`.trim()
}

function doneText(action: Action): { content: string; text: string } | undefined {
  if (action.kind === "tool") return { content: action.query.trim(), text: `[calls ${action.tool}: ${action.query}]` }
  if (action.kind === "answer") return { content: action.answer.trim(), text: `[answers: ${action.answer}]` }
  return undefined
}
