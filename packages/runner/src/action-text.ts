/** Texts that formats share. */
import { type ActionFormat, type NamedTool, sampleAnswer, sampleCall } from "@swirl-ts/core"

/** What a turn that cannot be read is answered with, unless the benchmark has its own: the reason, and how to act. */
export function malformedReply(reason: string, format: ActionFormat, tools: readonly NamedTool[]): string {
  const calls = tools.map((tool) => sampleCall(tool, format, tools))
  const ways = [...calls, sampleAnswer(format, tools)].filter((text) => text !== "")
  return `error: ${reason}. ${calls.length > 0 ? "Make one call or give the answer" : "Give the answer"}: ${ways.join(" or ")}`
}

export const answerTag = "answer"

/** A cut-off turn is bad whatever stands in it: nobody knows how it would have gone on. */
export const cutOff = "the turn was cut off at its token limit"
