/**
 * The default instruction turn, in our own words and in the paper's order (METHOD 1): how to answer, how to call tools,
 * how often, no repeats, what results look like, when to answer, one thing a turn; then the question. A conversation
 * without tools asks to think aloud instead: chain of thought is what tool use is measured against. A user's template
 * stands in the place of both.
 */
import type { PromptContext } from "../contracts/benchmark.ts"

/** `examples`: how many worked ones the conversation shows. */
export function instructions(question: string, answerHint: string, context: PromptContext, examples = 0): string {
  const { format, tools, limits } = context
  const worded = context.wording?.({ question, answerHint, earlier: 0, examples })
  if (worded !== undefined) return worded
  if (tools.length === 0) return thinkAloud(question, answerHint, context)
  return [
    `Answer the question at the end. ${answerHint}`,
    format.describe(tools),
    `You may need several calls, one after another, up to ${limits.toolCalls}. Do not repeat a call you have already made.`,
    (examples === 0 ? format.unshownRules?.(tools) : undefined) ??
      format.rules ??
      oneThingATurn("Each result comes back to you in the form CALL -> RESULT."),
    "",
    `Question: ${question}`,
  ].join("\n")
}

/** The rules of a format whose turns hold one call or the answer. `results`: how results come back. */
export const oneThingATurn = (results: string): string =>
  [
    results,
    "As soon as you know enough, give your answer.",
    "In each turn either make one call or give the answer, never both.",
  ].join("\n")

function thinkAloud(question: string, answerHint: string, { format, tools }: PromptContext): string {
  return [
    `Answer the question at the end. ${answerHint}`,
    "Think step by step: first write down how you work it out, and end with the answer.",
    format.describe(tools),
    "",
    `Question: ${question}`,
  ].join("\n")
}
