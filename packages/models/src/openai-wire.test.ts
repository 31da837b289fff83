/** Turns as servers write them, and what of them goes back. */
import { type GenerateOptions, type Message, type ProviderFields, readGeneration } from "@swirl-ts/core"
import { chatCompletion } from "@swirl-ts/test-support"
import { describe, expect, it } from "vitest"
import { CompletionSchema, readCompletion, requestBody } from "./openai-wire.ts"

const read = (message: object, reason = "stop") =>
  readGeneration(readCompletion(CompletionSchema.parse(chatCompletion(message, reason))))
const called = (more: object = {}, ofFunction: object = {}) => ({
  id: "call-a",
  type: "function",
  function: { name: "calculator", arguments: '{"expression":"9*2"}', ...ofFunction },
  ...more,
})
const calls = (...all: object[]) => ({ content: null, tool_calls: all })

/** The turn as the loop puts it into the next request. */
function back(turn: ReturnType<typeof read>, options: Partial<GenerateOptions> = {}): Record<string, unknown> {
  const optional = (providerOptions: ProviderFields | undefined) => (providerOptions ? { providerOptions } : {})
  const message: Message = {
    role: "assistant",
    content: [
      ...(turn.reasoning ?? []).map(({ text, providerMetadata }) => ({
        type: "reasoning" as const,
        text,
        ...optional(providerMetadata),
      })),
      { type: "text", text: turn.text, ...optional(turn.providerMetadata) },
      ...turn.toolCalls.map(({ toolCallId, toolName, input, providerMetadata }) => ({
        type: "tool-call" as const,
        toolCallId,
        toolName,
        input: JSON.parse(input),
        ...optional(providerMetadata),
      })),
    ],
  }
  const { messages } = requestBody("m", { prompt: [message], ...options }, "max_tokens")
  return (messages as Record<string, unknown>[])[0]!
}

describe("what came with a turn goes back as it came", () => {
  it.each([
    ["a signature on the call", calls(called({ extra_content: { google: { thought_signature: "c2ln" } } }))],
    ["a field within the call's function", calls(called({}, { thought_signature: "c2ln" }))],
    ["reasoning_content", { ...calls(called()), reasoning_content: "nine, twice" }],
    ["reasoning", { ...calls(called()), reasoning: "nine, twice" }],
    [
      "reasoning_details",
      { ...calls(called()), reasoning: "nine", reasoning_details: [{ type: "reasoning.encrypted", data: "x" }] },
    ],
    [
      "details that nobody can read",
      { ...calls(called()), reasoning_details: [{ type: "reasoning.encrypted", data: "x" }] },
    ],
    ["thinking blocks", { ...calls(called()), thinking_blocks: [{ type: "thinking", thinking: "a", signature: "s" }] }],
    [
      "thoughts among the chunks of the content",
      {
        ...calls(called()),
        content: [
          { type: "thinking", thinking: "nine", signature: "c2ln" },
          { type: "text", text: "I multiply." },
        ],
      },
    ],
    [
      "a thought alone, in a form of its provider",
      {
        ...calls(called()),
        content: [{ type: "reasoning", summary: [{ type: "summary_text", text: "nine", signature: "c2ln" }] }],
      },
    ],
    [
      "a field of a turn that only says something",
      { content: "hm", extra_content: { google: { thought_signature: "s" } } },
    ],
  ])("%s", (_what, message) => {
    expect(back(read(message))).toEqual({ role: "assistant", ...message })
  })

  it("but not the thought of a turn without a call, nor what says nothing", () => {
    expect(back(read({ content: "18", reasoning_content: "nine, twice", refusal: null, annotations: [] }))).toEqual({
      role: "assistant",
      content: "18",
    })
    expect(back(read({ content: "<think>nine</think>\n\n18" }))).toEqual({ role: "assistant", content: "18" })
  })
})

it("reads the thought wherever it stands", () => {
  const chunks = [
    {
      type: "thinking",
      thinking: [
        { type: "text", text: "nine, " },
        { type: "text", text: "twice" },
      ],
    },
    { type: "text", text: "18" },
  ]
  for (const message of [
    { content: chunks },
    { content: "18", reasoning: "nine, twice" },
    { content: "<think>nine, twice</think>18" },
    { content: "nine, twice</think>\n\n18" },
  ])
    expect(read(message)).toMatchObject({ text: "18", reasoning: [{ text: "nine, twice" }] })
})

it.each([
  ["stop", "stop"],
  ["eos", "stop"],
  ["tool_calls", "stop"],
  ["length", "length"],
  ["MAX_TOKENS", "length"],
  ["model_length", "length"],
  ["model_context_window_exceeded", "length"],
  ["something_new", "other"],
])("a turn that ended with %s ended with %s", (reason, finishReason) => {
  expect(read({ content: "18" }, reason)).toMatchObject({ finishReason })
})

it("leaves ids that a server leaves out empty, for whoever knows the conversation", () => {
  expect(read(calls(called({ id: null }), called({ id: "" }))).toolCalls.map(({ toolCallId }) => toolCallId)).toEqual([
    "",
    "",
  ])
})

it("says that one call a turn is the rule, where it is one and there are tools", () => {
  const tools: GenerateOptions["tools"] = [{ type: "function", name: "calculator", inputSchema: { type: "object" } }]
  const providerOptions = { openai: { parallelToolCalls: false } }
  expect(requestBody("m", { prompt: [], tools, providerOptions }, "max_tokens")).toMatchObject({
    parallel_tool_calls: false,
  })
  for (const options of [
    { prompt: [], tools },
    { prompt: [], providerOptions },
  ])
    expect(JSON.stringify(requestBody("m", options, "max_tokens"))).not.toContain("parallel")
})
