import { type Action, MessageSchema, type NamedTool } from "@swirl-ts/core"
import { describe, expect, it } from "vitest"
import { native } from "./format-native.ts"

const tools: NamedTool[] = [
  {
    name: "calculator",
    tag: { name: "math_exp", argument: "expression" },
    description: "Adds.",
    inputSchema: { type: "object" },
  },
]
const use = (toolName: string, input: string, toolCallId = "1") => ({ toolCallId, toolName, input })
const parse = (
  text: string,
  toolCalls: ReturnType<typeof use>[] = [],
  finishReason: "stop" | "length" = "stop",
): Action => native.parse({ text, toolCalls, finishReason }, tools)

describe("what is read", () => {
  it("a tool call, with or without text before it", () => {
    const action = { kind: "tool", tool: "calculator", input: { expression: "1+1" }, query: "1+1" }
    expect(parse("", [use("calculator", '{"expression":"1+1"}')])).toEqual(action)
    expect(parse("let me see", [use("calculator", '{"expression":"1+1"}')])).toEqual(action)
  })
  it("a call with several fields, whose query is JSON", () => {
    expect(parse("", [use("calculator", '{"a":1,"b":2}')])).toMatchObject({ query: '{"a":1,"b":2}' })
  })
  it("the answer tag, or else the whole text", () => {
    expect(parse("I think <answer> 2 </answer> it is")).toEqual({ kind: "answer", answer: "2" })
    expect(parse(" It is 2. ")).toEqual({ kind: "answer", answer: "It is 2." })
  })
})

describe("what is malformed", () => {
  it.each([
    ["two calls", parse("", [use("calculator", "{}"), use("calculator", "{}", "2")])],
    ["both a call and an answer", parse("<answer>2</answer>", [use("calculator", "{}")])],
    ["two answers", parse("<answer>2</answer><answer>3</answer>")],
    ["neither a call nor an answer", parse("  ")],
    ["neither a call nor an answer", parse("<answer> </answer>")],
    ['no tool "abacus"', parse("", [use("abacus", "{}")])],
    ["not a JSON object", parse("", [use("calculator", "{oops")])],
    ["not a JSON object", parse("", [use("calculator", "[1]")])],
    ["limit", parse("It is", [], "length")],
  ])("%s", (reason, action) => {
    expect(action).toMatchObject({ kind: "malformed", reason: expect.stringContaining(reason) })
  })
})

it("answers every call of a turn, also of a malformed one, in messages that are valid", () => {
  const toolCalls = [use("calculator", "{oops", "a"), use("abacus", "{}", "b")]
  const turn = native.turn({ text: "", toolCalls })
  const reply = native.reply(
    { kind: "malformed", reason: "two calls" },
    { text: "error", isError: true },
    { toolCalls },
  )
  for (const message of [turn, ...reply]) expect(() => MessageSchema.parse(message)).not.toThrow()
  const answered = reply.flatMap((message) =>
    message.role === "tool" ? message.content.map((part) => part.toolCallId) : [],
  )
  expect(answered).toEqual(["a", "b"])
})

it("answers a malformed turn without calls as the user", () => {
  const reply = native.reply({ kind: "malformed", reason: "" }, { text: "error", isError: true }, { toolCalls: [] })
  expect(reply).toEqual([{ role: "user", content: [{ type: "text", text: "error" }] }])
})

it("sends the tools with their schemas, and names them in the instructions", () => {
  expect(native.requestTools(tools)).toEqual([
    { type: "function", name: "calculator", description: "Adds.", inputSchema: { type: "object" } },
  ])
  expect(native.describe(tools)).toContain("calculator")
})

it("a written action is read back as it was, and its call can be answered", () => {
  const call: Action = { kind: "tool", tool: tools[0]!.name, input: { x: "1 + 1" }, query: "1 + 1" }
  const written = native.write(call, tools)
  expect(native.parse({ ...written, finishReason: "stop" }, tools)).toEqual(call)
  expect(MessageSchema.parse(native.turn(written)).role).toBe("assistant")
  expect(native.reply(call, { text: "2", isError: false }, written)[0]).toMatchObject({
    role: "tool",
    content: [{ toolCallId: written.toolCalls[0]!.toolCallId }],
  })
  const answer: Action = { kind: "answer", answer: "2" }
  expect(native.parse({ ...native.write(answer, tools), finishReason: "stop" }, tools)).toEqual(answer)
})
