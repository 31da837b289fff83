/**
 * Free text, then one line of JSON: `{"tool": "convert", "input": {…}}` or `{"answer": "…"}`. Strict on purpose: the line is
 * the last one and the only one, so a model that writes its own results is malformed. `parse` reads what `write` wrote.
 */
import { type Action, type ActionFormat, assistantMessage, type NamedTool, userMessage } from "@swirl-ts/core"

export const jsonLines: ActionFormat = {
  name: "json-lines",
  description: "free text, then a call or the answer as one line of JSON",
  requestTools: () => [],
  parse({ text, toolCalls, finishReason }, tools) {
    if (finishReason === "length") return malformed("the turn was cut off at its token limit")
    if (toolCalls.length > 0) return malformed("a native tool call, but this format uses lines of JSON")
    const lines = text.trim().split("\n")
    const acting = lines.filter((line) => /^\s*\{/.test(line))
    if (acting.length === 0) return malformed("neither a call nor an answer")
    if (acting.length > 1) return malformed(`${acting.length} lines of JSON in place of one`)
    if (acting[0] !== lines.at(-1)) return malformed("text after the line of JSON")
    return readAction(acting[0]!, tools)
  },
  write: (action) => ({
    text: JSON.stringify(
      action.kind === "answer" ? { answer: action.answer } : { tool: action.tool, input: action.input },
    ),
    toolCalls: [],
  }),
  turn: ({ text }) => assistantMessage(text),
  reply: (action, observation) => [
    userMessage(action.kind === "tool" ? `${action.query} -> ${observation.text}` : observation.text),
  ],
  describe: (tools) =>
    [
      ...tools.map(
        ({ name, description, inputSchema }) =>
          `To call ${name}, write {"tool": ${JSON.stringify(name)}, "input": INPUT} on a line of its own. ${description} INPUT has this JSON Schema: ${JSON.stringify(inputSchema)}`,
      ),
      'To answer, write {"answer": "your answer"} on a line of its own.',
    ].join("\n"),
}

function readAction(line: string, tools: readonly NamedTool[]): Action {
  let read: unknown
  try {
    read = JSON.parse(line)
  } catch {
    return malformed("the last line is not JSON")
  }
  const { tool, input, answer, ...others } = read as Record<string, unknown>
  const [other] = Object.keys(others)
  if (other !== undefined) return malformed(`the line has the field ${JSON.stringify(other)}, which means nothing`)
  if (tool !== undefined && answer !== undefined) return malformed("both a call and an answer")
  if (typeof answer === "string") return answer === "" ? malformed("the answer is empty") : { kind: "answer", answer }
  if (tool === undefined) return malformed("neither a call nor an answer that is text")
  if (!tools.some(({ name }) => name === tool)) return malformed(`there is no tool ${JSON.stringify(tool)}`)
  if (typeof input !== "object" || input === null || Array.isArray(input)) return malformed("input is not an object")
  return { kind: "tool", tool: String(tool), input, query: JSON.stringify(input) }
}

const malformed = (reason: string): Action => ({ kind: "malformed", reason })
