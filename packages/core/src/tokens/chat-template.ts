/** A chat template as conversations use one. */
import type { Message, Prompt } from "../prompts/prompt.ts"
import type { ChatMessage } from "./chat-message.ts"

/** Renders a conversation, the opening of the model's turn included unless `opensTurn` is false; `variables` are the template's. */
export type ChatTemplate = (messages: readonly ChatMessage[], options?: ChatTemplateOptions) => string

interface ChatTemplateOptions {
  opensTurn?: boolean
  variables?: Readonly<Record<string, unknown>>
}

/** Writes turns by a chat template. */
export interface TurnWriter {
  write(turns: Prompt, options?: { opensTurn?: boolean }): string
  /** What is written after the turn that these turns answer, where its own calls decide it. */
  afterCalls?(turns: readonly Message[]): string | undefined
}
