/** Texts that both formats share. */
import { type ActionFormat, type NamedTool, sampleToolInput } from "@swirl-ts/core"

/** What a turn that cannot be read is answered with, unless the benchmark has its own: the reason, and how to act. */
export function malformedReply(reason: string, format: ActionFormat, tools: readonly NamedTool[]): string {
  const calls = tools.map((tool) => sampleCall(tool, format, tools))
  const answer = format.write({ kind: "answer", answer: "your answer" }, tools).text
  const ways = [...calls, answer].filter((text) => text !== "")
  return `error: ${reason}. ${calls.length > 0 ? "Make one call or give the answer" : "Give the answer"}: ${ways.join(" or ")}`
}

/** Empty where the format writes calls without words, or cannot write one of this tool. */
function sampleCall(tool: NamedTool, format: ActionFormat, tools: readonly NamedTool[]): string {
  const input = sampleToolInput(tool)
  const query = Object.values(input).join(" ")
  try {
    return format.write({ kind: "tool", tool: tool.name, input, query }, tools).text
  } catch {
    return ""
  }
}

export const answerTag = "answer"

/** A cut-off turn is bad whatever stands in it: nobody knows how it would have gone on. */
export const cutOff = "the turn was cut off at its token limit"
