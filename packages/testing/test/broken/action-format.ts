import { type Action, type ActionFormat, assistantMessage, userMessage } from "@swirl-ts/core"
import { actionFormatChecks } from "../../src/index.ts"
import { brokenExamples } from "./broken.ts"

const read = (text: string): Action => {
  try {
    const { call, input, answer } = JSON.parse(text)
    if (typeof call === "string") return { kind: "tool", tool: call, input, query: JSON.stringify(input) }
    if (typeof answer === "string") return { kind: "answer", answer }
  } catch {
    // Said below.
  }
  return { kind: "malformed", reason: "it is neither a call nor an answer in JSON" }
}

/** One JSON object a turn. */
const sound: ActionFormat = {
  name: "json",
  description: "one JSON object a turn",
  requestTools: () => [],
  parse: ({ text, finishReason }) =>
    finishReason === "length" ? { kind: "malformed", reason: "it was cut off" } : read(text),
  write: (action) => ({
    text: JSON.stringify(
      action.kind === "tool" ? { call: action.tool, input: action.input } : { answer: action.answer },
    ),
    toolCalls: [],
  }),
  turn: ({ text }) => assistantMessage(text),
  reply: (_action, { text }) => [userMessage(text)],
  describe: (tools) => `Write {"call": …, "input": …} or {"answer": …}. ${tools.map(({ name }) => name).join(", ")}`,
}

export const actionFormat = brokenExamples("action format", actionFormatChecks, [sound], {
  "is an action format that can be loaded": [{ ...sound, description: "" }],
  "reads back what it writes": [
    { ...sound, parse: (turn, tools) => sound.parse({ ...turn, text: turn.text.replace("\\n", " ") }, tools) },
  ],
  "calls malformed what it cannot read, and never throws": [
    {
      ...sound,
      parse: (turn, tools) => {
        if (turn.text.includes("\u0000")) throw new Error("a null character")
        return sound.parse(turn, tools)
      },
    },
  ],
  "calls a turn malformed that was cut off": [{ ...sound, parse: ({ text }) => read(text) }],
  "calls a turn malformed that calls and answers at once": [
    {
      ...sound,
      parse: (turn, tools) => sound.parse({ ...turn, text: turn.text.replace(/\}\{"answer".*$/s, "}") }, tools),
    },
  ],
  "makes messages of turns and replies": [{ ...sound, turn: ({ text }) => userMessage(text) }],
  "answers every call of a turn": [
    {
      ...sound,
      write: (action) => ({
        ...sound.write(action, []),
        toolCalls: action.kind === "tool" ? [{ toolCallId: "call-7", toolName: action.tool, input: "{}" }] : [],
      }),
    },
  ],
  "tells the model of every tool": [{ ...sound, describe: () => "Write JSON." }],
})
