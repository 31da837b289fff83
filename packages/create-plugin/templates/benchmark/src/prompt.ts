/** What a task begins with: how to act, as the action format says it, and the question. The answer has no way in. */
import { instructions, type Prompt, type PromptContext, userMessage } from "@swirl-ts/core"

export function prompt({ question }: { question: string }, context: PromptContext): Prompt {
  return [userMessage(instructions(question, "Your answer is one number.", context))]
}
