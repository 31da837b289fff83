import type { Action, NamedTool } from "@swirl-ts/core"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { tags } from "./format-tags.ts"

const tool = (name: string, tag: string, argument: string): NamedTool => ({
  name,
  tag: { name: tag, argument },
  description: `About ${name}.`,
  inputSchema: {},
})
const tools = [tool("calculator", "math_exp", "expression"), tool("search", "search_query", "query")]

const parse = (text: string, finishReason: "stop" | "length" = "stop"): Action =>
  tags.parse({ text, toolCalls: [], finishReason }, tools)

describe("what is read", () => {
  it.each([
    [
      "thoughts <math_exp> 3 + 4 </math_exp>",
      { kind: "tool", tool: "calculator", input: { expression: "3 + 4" }, query: "3 + 4" },
    ],
    [
      "<search_query>who\nis it</search_query>\n \n",
      { kind: "tool", tool: "search", input: { query: "who\nis it" }, query: "who\nis it" },
    ],
    ["so <answer>42</answer>", { kind: "answer", answer: "42" }],
    ["<think>if a < b and <b>c</b></think><answer>x < y > z</answer>", { kind: "answer", answer: "x < y > z" }],
  ])("%j", (text, action) => {
    expect(parse(text)).toEqual(action)
  })
})

describe("what is malformed, and why", () => {
  it.each([
    ["I do not know.", "neither"],
    ["", "neither"],
    ["<math_exp>1+1</math_exp> <answer>2</answer>", "both a call and an answer"],
    ["<answer>2</answer> <math_exp>1+1</math_exp>", "both a call and an answer"],
    ["<math_exp>1+1</math_exp><math_exp>2+2</math_exp>", "two calls"],
    ["<math_exp>1+1</math_exp><search_query>x</search_query>", "two calls"],
    ["<answer>1</answer><answer>2</answer>", "two answers"],
    ["<math_exp>1+1", "not closed"],
    ["1+1</math_exp>", "never opened"],
    ["<math_exp>1+1</answer>", "closed by </answer>"],
    ["<math_exp>1+1</math_exp></math_exp>", "never opened"],
    ["<math_exp><answer>2</answer></math_exp>", "inside <math_exp>"],
    ["<math_exp>1+1</math_exp> -> 2", "text after </math_exp>"],
    ["<answer>2</answer>.", "text after </answer>"],
    ["<math_exp>  </math_exp>", "empty"],
    ["<answer></answer>", "empty"],
    ["<math_expr>1+1</math_expr>", "unknown tag <math_expr>"],
    ["<serch_query>x</serch_query><answer>x</answer>", "unknown tag <serch_query>"],
    ["<search>x</search>", "unknown tag <search>"],
    ["<tool_call>{}</tool_call>", "unknown tag <tool_call>"],
    ["<Answer>2</Answer>", "unknown tag <Answer>"],
    ['<answer type="number">2</answer>', "unknown tag <answer type="],
    ["</ answer>", "unknown tag"],
  ])("%j: %s", (text, reason) => {
    const action = parse(text)
    expect(action.kind).toBe("malformed")
    expect(action.kind === "malformed" && action.reason).toContain(reason)
  })

  it("whatever was cut off at the token limit, also where a call seems whole", () => {
    expect(parse("<answer>2</answer>", "length")).toMatchObject({
      kind: "malformed",
      reason: expect.stringMatching(/limit/),
    })
  })

  it("a native tool call", () => {
    const toolCalls = [{ toolCallId: "1", toolName: "calculator", input: "{}" }]
    expect(tags.parse({ text: "<answer>2</answer>", toolCalls, finishReason: "stop" }, tools).kind).toBe("malformed")
  })

  it("a call of a tool that this benchmark does not offer", () => {
    const action = tags.parse({ text: "<search_query>x</search_query>", toolCalls: [], finishReason: "stop" }, [
      tools[0]!,
    ])
    expect(action.kind).toBe("malformed")
  })
})

const piece = fc.constantFrom(
  ..."<math_exp>|</math_exp>|<search_query>|</search_query>|<answer>|</answer>|<think>|<|>|</|1 + 1| |\n|text|->|_".split(
    "|",
  ),
)

describe("for any text", () => {
  it("never throws, and reads an action only where exactly one well-formed tag pair ends the text", () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const text = pieces.join("")
        const action = parse(text)
        const known = text.match(/<\/?(math_exp|search_query|answer)>/g) ?? []
        const wellFormed = /<(math_exp|search_query|answer)>([\s\S]*)<\/\1>\s*$/.exec(text)
        if (action.kind === "malformed") expect(action.reason).not.toBe("")
        else
          expect(known.length === 2 && wellFormed?.[2]?.trim()).toBe(
            action.kind === "answer" ? action.answer : action.query,
          )
      }),
      { numRuns: 2000 },
    )
  })

  it("reads back every content without angle brackets, trimmed", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (thought, content) => {
        fc.pre(!/[<>]/.test(thought + content) && content.trim() !== "")
        expect(parse(`${thought}<math_exp>${content}</math_exp>\n`)).toMatchObject({ query: content.trim() })
        expect(parse(`${thought}<answer>${content}</answer>`)).toEqual({ kind: "answer", answer: content.trim() })
      }),
    )
  })
})

it("puts a result into the next user turn as `query -> result`", () => {
  const action: Action = { kind: "tool", tool: "calculator", input: {}, query: "1 + 1" }
  expect(tags.reply(action, { text: "2", isError: false }, { toolCalls: [] })).toEqual([
    { role: "user", content: [{ type: "text", text: "1 + 1 -> 2" }] },
  ])
})

it("tells every tag that it reads", () => {
  const text = tags.describe(tools)
  for (const tag of [
    "<math_exp>expression</math_exp>",
    "<search_query>query</search_query>",
    "<answer>",
    "About search.",
  ]) {
    expect(text).toContain(tag)
  }
  expect(tags.requestTools(tools)).toEqual([])
})

it("a written action is read back as it was", () => {
  const word = fc.stringMatching(/^[a-z0-9 +*/().]{1,20}$/).filter((text) => text.trim() === text)
  fc.assert(
    fc.property(word, fc.constantFrom(...tools), (query, { name, tag }) => {
      const call: Action = { kind: "tool", tool: name, input: { [tag.argument]: query }, query }
      expect(parse(tags.write(call, tools).text)).toEqual(call)
      const answer: Action = { kind: "answer", answer: query }
      expect(parse(tags.write(answer, tools).text)).toEqual(answer)
    }),
  )
  expect(() => tags.write({ kind: "tool", tool: "other", input: {}, query: "" }, tools)).toThrow(/no tool "other"/)
})
