import type { Prompt } from "@swirl-ts/core"
import { expect, test } from "vitest"
import { chatMessages } from "./chat-messages.ts"

const conversation: Prompt = [
  { role: "system", content: "Be brief." },
  { role: "user", content: [{ type: "text", text: "2 + 2" }] },
  {
    role: "assistant",
    content: [
      { type: "reasoning", text: "a thought" },
      { type: "tool-call", toolCallId: "call-0", toolName: "calculator", input: { expression: "2+2" } },
    ],
  },
  {
    role: "tool",
    content: [
      { type: "tool-result", toolCallId: "call-0", toolName: "calculator", output: { type: "text", value: "4" } },
    ],
  },
  { role: "assistant", content: [{ type: "text", text: "4" }] },
]

test("calls are JSON texts under their ids, results name the call, thoughts stay out", () => {
  expect(chatMessages(conversation)).toEqual([
    { role: "system", content: "Be brief." },
    { role: "user", content: "2 + 2" },
    {
      role: "assistant",
      content: null,
      tool_calls: [
        { id: "call-0", type: "function", function: { name: "calculator", arguments: '{"expression":"2+2"}' } },
      ],
    },
    { role: "tool", content: "4", tool_call_id: "call-0", name: "calculator" },
    { role: "assistant", content: "4" },
  ])
})
