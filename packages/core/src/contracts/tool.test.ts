import { expect, test } from "vitest"
import { z } from "zod"
import { readGeneration } from "./model.ts"
import { callTool, type Tool } from "./tool.ts"

const options = { toolCallId: "1", messages: [] }
const double: Tool<{ n: number }> = {
  description: "doubles",
  inputSchema: z.object({ n: z.number() }),
  execute: ({ n }) => {
    if (n < 0) throw new Error("negative")
    return String(2 * n)
  },
}

test("a tool's exception and an invalid input become observations", async () => {
  expect(await callTool(double, { n: 2 }, options)).toEqual({ text: "4", isError: false })
  expect(await callTool(double, { n: -2 }, options)).toEqual({ text: "error: negative", isError: true })
  const invalid = await callTool(double, { n: "two" }, options)
  expect(invalid.isError).toBe(true)
  expect(invalid.text).toMatch(/^error: invalid input: n: /)
})

test("an aborted call is not mistaken for a tool error", async () => {
  await expect(callTool(double, { n: -2 }, { ...options, abortSignal: AbortSignal.abort() })).rejects.toThrow()
})

test("results of AI SDK specification v2 and v3 read the same", () => {
  const content = [
    { type: "reasoning", text: "hm" },
    { type: "text", text: "a" },
    { type: "text", text: "b" },
  ]
  const v2 = readGeneration({
    content,
    finishReason: "length",
    usage: { inputTokens: 3, outputTokens: 2, totalTokens: 5 },
  })
  const v3 = readGeneration({
    content,
    finishReason: { unified: "length", raw: "max" },
    usage: { inputTokens: { total: 3 }, outputTokens: { total: 2 } },
  })
  expect(v3).toEqual(v2)
  expect(v2).toEqual({
    text: "ab",
    reasoning: [{ text: "hm" }],
    toolCalls: [],
    finishReason: "length",
    usage: { inputTokens: 3, outputTokens: 2 },
  })
})
