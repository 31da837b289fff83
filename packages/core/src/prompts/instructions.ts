/**
 * The default instruction turn, in our own words and in the paper's order (METHOD 1): how to answer, how to call tools,
 * how often, no repeats, what results look like, when to answer, one thing a turn; then the question.
 */
import type { PromptContext } from "../contracts/benchmark.ts"

export function instructions(question: string, answerHint: string, context: PromptContext): string {
  const { format, tools, limits } = context
  return [
    `Answer the question at the end. ${answerHint}`,
    format.describe(tools),
    `You may need several calls, one after another, up to ${limits.toolCalls}. Do not repeat a call you have already made.`,
    "Each result comes back to you in the form CALL -> RESULT.",
    "As soon as you know enough, give your answer.",
    "In each turn either make one call or give the answer, never both.",
    "",
    `Question: ${question}`,
  ].join("\n")
}
