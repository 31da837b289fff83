/** How calls and answers look in an action format, on values that mean nothing. */
import type { ActionFormat } from "../contracts/action.ts"
import type { NamedTool } from "../contracts/tool.ts"
import { sampleToolInput } from "../tool-input/tool-input.ts"

/** Empty where the format writes calls without words, or cannot write one of this tool. */
export function sampleCall(tool: NamedTool, format: ActionFormat, tools: readonly NamedTool[]): string {
  const input = sampleToolInput(tool)
  const query = Object.values(input).join(" ")
  try {
    return format.write({ kind: "tool", tool: tool.name, input, query }, tools).text
  } catch {
    return ""
  }
}

/** Of all tools, `… or …`; empty where calls are no text. */
export const sampleCalls = (format: ActionFormat, tools: readonly NamedTool[]): string =>
  tools
    .map((tool) => sampleCall(tool, format, tools))
    .filter((text) => text !== "")
    .join(" or ")

export const sampleAnswer = (format: ActionFormat, tools: readonly NamedTool[]): string =>
  format.write({ kind: "answer", answer: "your answer" }, tools).text
