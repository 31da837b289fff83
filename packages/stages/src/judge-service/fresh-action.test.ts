import { tags } from "@swirl-ts/runner"
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
