/** Texts that both formats share. */
import type { ActionFormat, NamedTool } from "@swirl-ts/core"

/** What a turn that cannot be read is answered with, unless the benchmark has its own: the reason, and how to act. */
export function malformedReply(reason: string, format: ActionFormat, tools: readonly NamedTool[]): string {
  const calls = tools.map(({ name, tag: { argument } }) =>
    format.write({ kind: "tool", tool: name, input: {}, query: argument }, tools),
  )
  const answer = format.write({ kind: "answer", answer: "your answer" }, tools)
  const ways = [...calls, answer].map(({ text }) => text).filter((text) => text !== "")
  return `error: ${reason}. ${calls.length > 0 ? "Make one call or give the answer" : "Give the answer"}: ${ways.join(" or ")}`
}

export const answerTag = "answer"

/** A cut-off turn is bad whatever stands in it: nobody knows how it would have gone on. */
export const cutOff = "the turn was cut off at its token limit"
