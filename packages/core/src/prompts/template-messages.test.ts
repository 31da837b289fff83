import { expect, test } from "vitest"
import type { Message } from "./prompt.ts"
import { templateMessages } from "./template-messages.ts"

test("a conversation is said in full: each result a message, arguments as they are, thoughts left out", () => {
  const call = (toolCallId: string, expression: string) => ({
    type: "tool-call" as const,
    toolCallId,
    toolName: "calculator",
    input: { expression },
  })
  const result = (toolCallId: string, value: string) => ({
    type: "tool-result" as const,
    toolCallId,
    toolName: "calculator",
    output: { type: "text" as const, value },
  })
  const conversation: Message[] = [
    { role: "system", content: "Be brief." },
    { role: "user", content: [{ type: "text", text: "1 + 2, and 3 + 4?" }] },
    {
      role: "assistant",
      content: [
        { type: "reasoning", text: "two sums" },
        { type: "text", text: "Both." },
        call("a", "1 + 2"),
        call("b", "3 + 4"),
      ],
    },
    { role: "tool", content: [result("a", "3"), result("b", "7")] },
    { role: "assistant", content: [{ type: "text", text: "3 and 7" }] },
  ]
  expect(templateMessages(conversation)).toEqual([
    { role: "system", content: "Be brief." },
    { role: "user", content: "1 + 2, and 3 + 4?" },
    {
      role: "assistant",
      content: "Both.",
      tool_calls: [
        { id: "a", type: "function", function: { name: "calculator", arguments: { expression: "1 + 2" } } },
        { id: "b", type: "function", function: { name: "calculator", arguments: { expression: "3 + 4" } } },
      ],
    },
    { role: "tool", tool_call_id: "a", name: "calculator", content: "3" },
    { role: "tool", tool_call_id: "b", name: "calculator", content: "7" },
    { role: "assistant", content: "3 and 7" },
  ])
})
