/**
 * The model's own tool calling: exactly one tool call a turn, or an answer (in an answer tag, else the whole text).
 * Every call in a turn is answered, also where the turn was malformed: servers insist on it.
 */
import {
  type Action,
  type ActionFormat,
  contentHash,
  type Generation,
  type Message,
  oneThingATurn,
  type TextPart,
  type ToolCallPart,
  userMessage,
} from "@swirl-ts/core"
import { isObject, parseJson } from "@swirl-ts/kit"
import { answerTag, cutOff } from "./action-text.ts"

export const native: ActionFormat = {
  name: "native",
  description: "the model's own tool calling; a turn without a call is the answer",
  requestTools: (tools) =>
    tools.map(({ name, description, inputSchema }) => ({ type: "function", name, description, inputSchema })),
  parse({ text, toolCalls, finishReason, callProblem }, tools) {
    if (finishReason === "length") return malformed(cutOff)
    if (callProblem !== undefined) return malformed(callProblem)
    const tagged = [...text.matchAll(answerPattern)]
    const [call] = toolCalls
    if (toolCalls.length > 1) return malformed("two calls")
    if (call && tagged.length > 0) return malformed("both a call and an answer")
    if (tagged.length > 1) return malformed("two answers")
    if (!call) {
      const answer = (tagged[0]?.[1] ?? text).trim()
      return answer === "" ? malformed("neither a call nor an answer") : { kind: "answer", answer }
    }
    if (!tools.some((tool) => tool.name === call.toolName)) return malformed(`there is no tool "${call.toolName}"`)
    const input = parseInput(call.input)
    if (!input) return malformed(`the input of ${call.toolName} is not a JSON object`)
    return { kind: "tool", tool: call.toolName, input, query: queryText(input) }
  },
  write: (action) =>
    action.kind === "answer"
      ? { text: `<${answerTag}>${action.answer}</${answerTag}>`, toolCalls: [] }
      : {
          text: "",
          toolCalls: [
            {
              toolCallId: `example-${contentHash([action.tool, action.input], 8)}`,
              toolName: action.tool,
              input: JSON.stringify(action.input),
            },
          ],
        },
  turn: ({ text, toolCalls }) => {
    const parts: (TextPart | ToolCallPart)[] = text === "" && toolCalls.length > 0 ? [] : [{ type: "text", text }]
    for (const { toolCallId, toolName, input } of toolCalls) {
      parts.push({ type: "tool-call", toolCallId, toolName, input: parseInput(input) ?? {} })
    }
    return { role: "assistant", content: parts }
  },
  reply: (_action, observation, { toolCalls }) =>
    toolCalls.length === 0 ? [userMessage(observation.text)] : toolCalls.map((call) => toolResult(call, observation)),
  describe: (tools) =>
    [
      ...(tools.length > 0 ? [`You can call ${tools.map(({ name }) => name).join(", ")} as your tools.`] : []),
      `To answer, write <${answerTag}>your answer</${answerTag}>.`,
    ].join("\n"),
  rules: oneThingATurn("The result of each call comes back to you before your next turn."),
}

const answerPattern = new RegExp(`<${answerTag}>([\\s\\S]*?)</${answerTag}>`, "g")

function toolResult(
  { toolCallId, toolName }: Generation["toolCalls"][number],
  { text, isError }: { text: string; isError: boolean },
): Message {
  return {
    role: "tool",
    content: [
      { type: "tool-result", toolCallId, toolName, output: { type: isError ? "error-text" : "text", value: text } },
    ],
  }
}

function parseInput(input: string): Record<string, unknown> | undefined {
  if (input.trim() === "") return {}
  const value = parseJson(input)
  return isObject(value) ? value : undefined
}

/** One text field is its own query; anything else is shown as JSON. */
function queryText(input: Record<string, unknown>): string {
  const values = Object.values(input)
  return values.length === 1 && typeof values[0] === "string" ? values[0] : JSON.stringify(input)
}

const malformed = (reason: string): Action => ({ kind: "malformed", reason })
