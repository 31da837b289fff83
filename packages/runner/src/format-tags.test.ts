import { type Action, type NamedTool, textArgument } from "@swirl-ts/core"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { malformedReply } from "./action-text.ts"
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
  const wordless: Action = { kind: "tool", tool: "now", input: {}, query: "" }
  expect(tags.reply(wordless, { text: "noon", isError: false }, { toolCalls: [] })).toEqual([
    { role: "user", content: [{ type: "text", text: "now -> noon" }] },
  ])
})

it("tells every tag that it reads, a single text by its field's name alone", () => {
  expect(tags.describe(tools).split("\n")).toEqual([
    "To call calculator, write <math_exp>expression</math_exp>. About calculator.",
    "To call search, write <search_query>query</search_query>. About search.",
    "To answer, write <answer>your answer</answer>.",
  ])
  expect(malformedReply("two calls", tags, tools)).toBe(
    "error: two calls. Make one call or give the answer: <math_exp>expression</math_exp> or <search_query>query</search_query> or <answer>your answer</answer>",
  )
  expect(tags.requestTools(tools)).toEqual([])
})

it("a written action is read back as it was", () => {
  const word = fc.stringMatching(/^[a-z0-9 +*/().]{1,20}$/).filter((text) => text.trim() === text)
  fc.assert(
    fc.property(word, fc.constantFrom(...tools), (query, { name, tag }) => {
      const call: Action = { kind: "tool", tool: name, input: { [tag.argument!]: query }, query }
      expect(parse(tags.write(call, tools).text)).toEqual(call)
      const answer: Action = { kind: "answer", answer: query }
      expect(parse(tags.write(answer, tools).text)).toEqual(answer)
    }),
  )
  expect(() => tags.write({ kind: "tool", tool: "other", input: {}, query: "" }, tools)).toThrow(/no tool "other"/)
})

describe("tools that take more than one text", () => {
  const text = { type: "string" }
  const number = { type: "number" }
  const shaped = (name: string, properties: Record<string, object>, required = Object.keys(properties)): NamedTool => {
    const inputSchema = { type: "object", properties, required }
    return { name, tag: { name, argument: textArgument(inputSchema) }, description: `Does ${name}.`, inputSchema }
  }
  const convert = shaped("convert", {
    value: { ...number, description: "the amount to\nconvert." },
    from: { enum: ["km", "mi"] },
    to: { enum: ["km", "mi"] },
  })
  const square = shaped("square", { value: { ...number, description: "what to square" } })
  const find = shaped("find", { query: text, count: { type: "integer", description: "how many" } }, ["query"])
  const now = shaped("now", {})
  const list = shaped("list", { path: text, deep: { type: "boolean" } }, [])
  const route = shaped("route", {
    stops: {
      type: "array",
      items: {
        type: "object",
        properties: { place: text, at: { type: "string", format: "date" } },
        required: ["place"],
      },
    },
    by: { anyOf: [{ const: "car" }, { type: "number" }, { type: "null" }] },
  })
  const shapes = [convert, square, find, now, list, route]
  const read = (written: string): Action => tags.parse({ text: written, toolCalls: [], finishReason: "stop" }, shapes)

  it("are told of with their fields, types and meanings, one line a tool", () => {
    expect(tags.describe(shapes).split("\n").slice(0, -1)).toEqual([
      'To call convert, write JSON such as <convert>{"value":1,"from":"km","to":"km"}</convert>, with value (number: the amount to convert), from ("km" | "mi"), to ("km" | "mi"). Does convert.',
      "To call square, write <square>value</square> with value (number: what to square). Does square.",
      'To call find, write <find>query</find>, or JSON such as <find>{"query":"…","count":1}</find>, with query (string), count (integer, optional: how many). Does find.',
      "To call now, write <now></now>. Does now.",
      'To call list, write <list></list>, or JSON such as <list>{"path":"…"}</list>, with path (string, optional), deep (boolean, optional). Does list.',
      'To call route, write JSON such as <route>{"stops":[{"place":"…"}],"by":"car"}</route>, with stops ({ place: string, at?: string (date) }[]), by ("car" | number | null). Does route.',
    ])
  })

  it.each<[string, string, object]>([
    ['<convert> {"value": 3, "from": "km", "to": "mi"} </convert>', "convert", { value: 3, from: "km", to: "mi" }],
    ["<square>12</square>", "square", { value: 12 }],
    ["<square>\n-1.5e3 </square>", "square", { value: -1500 }],
    ['<square>{"value": 12}</square>', "square", { value: 12 }],
    ["<find>Rome</find>", "find", { query: "Rome" }],
    ["<find>12</find>", "find", { query: "12" }],
    ['<find>{"query": "Rome", "count": 2}</find>', "find", { query: "Rome", count: 2 }],
    ['<find>{"name": "Rome"}</find>', "find", { query: '{"name": "Rome"}' }],
    ["<now></now>", "now", {}],
    ["<now>{}</now>", "now", {}],
    ["<list> </list>", "list", {}],
    ['<list>{"deep": true}</list>', "list", { deep: true }],
    ['<route>{"stops": [{"place": "Rome"}], "by": null}</route>', "route", { stops: [{ place: "Rome" }], by: null }],
  ])("%s", (written, name, input) => {
    const query = written.slice(name.length + 2, -name.length - 3).trim()
    expect(read(written)).toEqual({ kind: "tool", tool: name, input, query })
  })

  it.each([
    ["<convert>3 km to mi</convert>", '<convert> should be a JSON object with value (number), from ("km" | "mi")'],
    ["<convert></convert>", "<convert> is empty, and should be a JSON object with value (number)"],
    ["<convert>{'value': 3}</convert>", `but holds what is no valid JSON, "{'value': 3}"`],
    ["<convert>[3]</convert>", 'but holds the text "[3]"'],
    ['<convert>{"value": "3", "from": "km", "to": "mi"}</convert>', '"value" cannot be used: it should be a number'],
    ['<convert>{"value": 3, "from": "kg", "to": "mi"}</convert>', 'one of "km", "mi", but is the text "kg"'],
    ['<convert>{"value": 3, "from": "km"}</convert>', '<convert> does not fit: "to" is missing'],
    ["<square>twelve</square>", '"value" cannot be used: it should be a number, but is the text "twelve"'],
    ["<square></square>", "<square> is empty"],
    ['<find>{"query": "Rome", "count": "two"}</find>', '"count" cannot be used: it should be a number'],
    ["<now>please</now>", '<now> takes nothing, but holds the text "please"'],
    ['<route>{"stops": [], "by": true}</route>', '"by" should be "car" | number | null'],
    ['<route>{"stops": [{}], "by": 1}</route>', '"stops.0.place" cannot be used: it should be a text, but is missing'],
  ])("%s is malformed: %s", (written, reason) => {
    const action = read(written)
    expect(action.kind === "malformed" && action.reason).toContain(reason)
  })

  it("are called in the answer to a malformed turn as they should have been", () => {
    const reply = malformedReply("two calls", tags, shapes)
    expect(reply).toContain(
      '<convert>{"value":1,"from":"km","to":"km"}</convert> or <square>1</square> or <find>query</find>',
    )
    for (const [call] of reply.matchAll(/<(\w+)>.*?<\/\1>/g)) expect(read(call).kind).not.toBe("malformed")
  })

  it("a length, a bound or a pattern that is broken is the tool's to refuse: the call can be read", () => {
    const short = shaped("short", { word: { ...text, maxLength: 3 }, size: { ...number, maximum: 2 } })
    const written = '<short>{"word":"too long","size":9}</short>'
    expect(tags.parse({ text: written, toolCalls: [], finishReason: "stop" }, [short]).kind).toBe("tool")
  })

  it("tags in a text of a JSON object are written so that they are none", () => {
    const input = { query: "what is </find> or <answer>?", count: 1 }
    const { text: written } = tags.write({ kind: "tool", tool: "find", input, query: "" }, shapes)
    expect(written).toBe('<find>{"query":"what is \\u003c/find> or \\u003canswer>?","count":1}</find>')
    expect(read(written)).toMatchObject({ input })
  })
})

it("what has no text is refused by write, with the reason", () => {
  const write = (query: string) => tags.write({ kind: "tool", tool: "search", input: { query }, query }, tools)
  expect(write('{"query": "Rome"}').text).toBe('<search_query>{"query": "Rome"}</search_query>')
  expect(() => write(" Rome")).toThrow('it would be read as {"query":"Rome"}')
  expect(() => write("")).toThrow("<search_query> is empty")
  expect(() => write("a </search_query> b")).toThrow("</search_query> closes a tag that was never opened")
  expect(() => tags.write({ kind: "answer", answer: "1</answer>" }, tools)).toThrow("cannot be written")
  expect(() => tags.write({ kind: "tool", tool: "search", input: "Rome", query: "Rome" }, tools)).toThrow("no object")
})
