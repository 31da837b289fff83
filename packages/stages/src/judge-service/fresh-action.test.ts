import type { NamedTool } from "@swirl-ts/core"
import { native, tags } from "@swirl-ts/runner"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { afterPrompt, readFreshAction, withoutEndMarks } from "./fresh-action.ts"

describe("the action behind a prompt", () => {
  const blanks = fc.constantFrom("", " ", "\n", "  \t")
  const word = fc.stringMatching(/^[a-z<>|_0-9]{1,6}$/)

  test("is what follows it, to the character, where the prompt stands as it was sent", () => {
    fc.assert(fc.property(fc.string(), fc.string(), (prompt, rest) => afterPrompt(prompt + rest, prompt) === rest))
  })

  test("is found where a tokenizer has written the prompt's blanks otherwise, and nowhere else", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(word, blanks, blanks), { minLength: 1 }), word, (words, rest) => {
        const sent = words.map(([text, blank]) => text + blank).join("")
        const decoded = words.map(([text, , blank]) => text + blank).join("")
        expect(afterPrompt(decoded + rest, sent)?.trim()).toBe(rest)
        expect(afterPrompt(`${decoded.trimEnd()}#${rest}`, `${sent}x`)).toBeUndefined()
      }),
    )
  })
})

test("marks that end a turn are taken off its end, whatever their number, and stay within it", () => {
  expect(withoutEndMarks("a <|im_end|> b<|im_end|>\n<|endoftext|> ")).toBe("a <|im_end|> b")
  expect(withoutEndMarks("<answer>1</answer>  ")).toBe("<answer>1</answer>  ")
  const long = " ".repeat(200_000)
  expect(withoutEndMarks(`${long}x${long}</s>${long}`)).toBe(`${long}x${long}`)
})

describe("a turn is read as in a training", () => {
  const format = { format: tags, tools: [] }
  const kind = (turn: Parameters<typeof readFreshAction>[0]["turn"], truncated = false) =>
    readFreshAction({ turn, truncated }, format).kind

  test("thoughts off, end marks off, cut-off told from malformed", () => {
    expect(kind("<think>2 <answer>3</answer></think> <answer>5</answer><|im_end|>")).toBe("answer")
    expect(kind({ role: "assistant", content: [{ type: "text", text: "<answer>5</answer>" }] })).toBe("answer")
    expect(kind("<answer>5</answer> and more")).toBe("malformed")
    expect(kind("<answer>5</answer>", true)).toBe("cut-off")
    expect(kind({ role: "assistant", content: null })).toBe("malformed")
  })

  const calculator: NamedTool = {
    name: "calculator",
    description: "Calculates.",
    inputSchema: { type: "object", properties: { expression: { type: "string" } }, required: ["expression"] },
    tag: { name: "math_exp" },
  }
  const call = '{"name": "calculator", "arguments": {"expression": "1 + 1"}}'

  test.each([
    [
      "a message",
      { role: "assistant", tool_calls: [{ function: { name: "calculator", arguments: '{"expression": "1 + 1"}' } }] },
    ],
    [
      "a message, arguments as an object",
      {
        role: "assistant",
        content: "",
        tool_calls: [{ function: { name: "calculator", arguments: { expression: "1 + 1" } } }],
      },
    ],
    ["Qwen's marks", `I add.\n<tool_call>\n${call}\n</tool_call><|im_end|>`],
    ["Mistral's mark", `[TOOL_CALLS] [${call}]</s>`],
    ["JSON alone", call.replace("arguments", "parameters")],
  ] as const)("a native call is read from %s", (_how, turn) => {
    const read = readFreshAction({ turn: turn as string }, { format: native, tools: [calculator] })
    expect(read.action).toEqual({ kind: "tool", tool: "calculator", input: { expression: "1 + 1" }, query: "1 + 1" })
  })

  test("a native call that cannot be read is malformed, and never an answer", () => {
    const turn = "<tool_call>{name: calculator</tool_call>"
    expect(readFreshAction({ turn }, { format: native, tools: [calculator] }).kind).toBe("malformed")
    expect(readFreshAction({ turn: "It is 2." }, { format: native, tools: [calculator] }).kind).toBe("answer")
  })

  test.each([
    ["an opening tag without an end", "<".padEnd(131_072, "a")],
    ["thoughts that open and never close", "<think>".repeat(18_000)],
    ["tags", "<a>".repeat(40_000)],
    ["blanks", " ".repeat(131_072)],
  ])("%s, as long as may be, does not hold the service up", (_what, text) => {
    const start = performance.now()
    expect(kind(text)).toBe("malformed")
    expect(performance.now() - start).toBeLessThan(10_000)
  })
})
