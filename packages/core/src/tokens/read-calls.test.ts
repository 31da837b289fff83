import fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { CallSyntax } from "./call-syntax.ts"
import { readCalls } from "./read-calls.ts"

const known = { argumentsField: "arguments", argumentsAreText: false, isWritten: true }
const tagged: CallSyntax = { ...known, opens: "<tool_call>", closes: "</tool_call>" }
const bare: CallSyntax = { ...known, opens: "", closes: "", argumentsField: "parameters" }
const listed: CallSyntax = { ...known, opens: "[TOOL_CALLS]", closes: "" }
const syntaxes = { tagged, bare, listed }

const call = (toolName: string, input: unknown, toolCallId = "") => ({
  toolCallId,
  toolName,
  input: JSON.stringify(input),
})
const add = { expression: "1 + 1" }

describe("what is read", () => {
  it.each<[string, string, CallSyntax, ReturnType<typeof readCalls>]>([
    [
      "text before a call",
      'Let me see.\n<tool_call>\n{"name": "add", "arguments": {"expression": "1 + 1"}}\n</tool_call>\n',
      tagged,
      { text: "Let me see.", toolCalls: [call("add", add)] },
    ],
    [
      "several calls",
      '<tool_call>{"name": "add", "arguments": {}}</tool_call>\n<tool_call>{"name": "b", "arguments": {}}</tool_call>',
      tagged,
      { text: "", toolCalls: [call("add", {}), call("b", {})] },
    ],
    [
      "a thought before it, which calls nothing",
      '<think>\n<tool_call> or not\n</think>\n\n<tool_call>{"name": "add", "arguments": {}}</tool_call>',
      tagged,
      { text: "<think>\n<tool_call> or not\n</think>", toolCalls: [call("add", {})] },
    ],
    [
      "a closing mark in a text of the call",
      '<tool_call>{"name": "add", "arguments": {"x": "</tool_call> {"}}</tool_call>',
      tagged,
      { text: "", toolCalls: [call("add", { x: "</tool_call> {" })] },
    ],
    [
      "arguments that are JSON in a text",
      '<tool_call>{"name": "add", "arguments": "{\\"x\\": 1}"}</tool_call>',
      tagged,
      { text: "", toolCalls: [{ toolCallId: "", toolName: "add", input: '{"x": 1}' }] },
    ],
    [
      "a call with its braces doubled, as some templates tell of it",
      '<tool_call>\n{{"name": "add", "arguments": {"expression": "1 + 1"}}}\n</tool_call>',
      tagged,
      { text: "", toolCalls: [call("add", add)] },
    ],
    [
      "JSON alone",
      '{"name": "add", "parameters": {"expression": "1 + 1"}}',
      bare,
      { text: "", toolCalls: [call("add", add)] },
    ],
    [
      "JSON after text and a mark of code, and another",
      'So:\n<|python_tag|>{"type": "function", "name": "add", "parameters": {}}; {"name": "b", "parameters": {}}',
      bare,
      { text: "So:", toolCalls: [call("add", {}), call("b", {})] },
    ],
    [
      "a list, with ids that are ids of calls",
      '[TOOL_CALLS] [{"name": "add", "arguments": {}, "id": "abcdefgh1"}, {"name": "b", "arguments": {}, "id": "x"}]',
      listed,
      { text: "", toolCalls: [call("add", {}, "abcdefgh1"), call("b", {})] },
    ],
  ])("%s", (_what, written, syntax, read) => expect(readCalls(written, syntax)).toEqual(read))

  it.each([
    ["The answer is 3.", tagged],
    ['{"answer": 3}', bare],
    ["a [list] {of} things", listed],
  ])("nothing in %s", (written, syntax) => expect(readCalls(written, syntax)).toBeUndefined())
})

describe("what is a problem, and no answer", () => {
  it.each<[string, string, CallSyntax]>([
    ["what stands after <tool_call> is JSON that does not end", '<tool_call>\n{"name": "add", "argum', tagged],
    ["what stands after <tool_call> is no JSON object", "<tool_call>\nadd(1)</tool_call>", tagged],
    ["what stands after <tool_call> is no valid JSON", "<tool_call>{'name': 'add'}</tool_call>", tagged],
    ["the call is not closed by </tool_call>", '<tool_call>{"name": "add", "arguments": {}}', tagged],
    ["</tool_call> closes a call that was never opened", '{"name": "add"}\n</tool_call>', tagged],
    ["a call stands outside of <tool_call> and </tool_call>", '```json\n{"name": "add", "arguments": {}}\n```', tagged],
    ["a call stands outside of <tool_call> and </tool_call>", '{{"name": "add", "arguments": "{}"}}', tagged],
    ["the call has no name", '<tool_call>{"arguments": {}}</tool_call>', tagged],
    ['the call of add has no "arguments"', '<tool_call>{"name": "add"}</tool_call>', tagged],
    ["text after the call", '<tool_call>{"name": "add", "arguments": {}}</tool_call>\nThe result is 2.', tagged],
    ["the call is JSON that does not end", '{"name": "add", "parameters": {"x": 1}', bare],
    ["the call is no JSON object", "<|python_tag|>add(1)", bare],
    ["the list of calls is empty", "[TOOL_CALLS] []", listed],
  ])("%s", (callProblem, written, syntax) =>
    expect(readCalls(written, syntax)).toEqual({ text: written, toolCalls: [], callProblem }),
  )

  it("half of whatever a call is, in every syntax", () => {
    const half = fc.tuple(
      fc.constantFrom(...Object.values(syntaxes)),
      fc.jsonValue(),
      fc.double({ min: 0, max: 1, noNaN: true }),
    )
    fc.assert(
      fc.property(half, ([syntax, value, share]) => {
        const json = `{"name": "add", "${syntax.argumentsField}": {"x": ${JSON.stringify(value)}}}`
        const whole = syntax.opens + json
        const begun = syntax.opens.length || '{"name":'.length
        const cut = begun + Math.floor(share * (whole.length - 1 - begun))
        expect(readCalls(whole.slice(0, cut), syntax)).toMatchObject({ toolCalls: [], callProblem: expect.any(String) })
      }),
    )
  })

  it("anything at all is read without a fault", () => {
    const pieces = [
      "<tool_call>",
      "</tool_call>",
      "[TOOL_CALLS]",
      "{",
      "}",
      "[",
      "]",
      '"',
      "\\",
      "name",
      ":",
      ",",
      " ",
      "\n",
      "<think>",
    ]
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...pieces)),
        fc.constantFrom(...Object.values(syntaxes)),
        (parts, syntax) => {
          const read = readCalls(parts.join(""), syntax)
          if (read?.callProblem !== undefined) expect(read).toMatchObject({ text: parts.join(""), toolCalls: [] })
        },
      ),
    )
  })
})
