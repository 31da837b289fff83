import fc from "fast-check"
import { expect, it } from "vitest"
import { readGeneration } from "./model.ts"
import { separateThought } from "./thoughts.ts"

it.each([
  ["<think>\nfirst\n</think>\n\n<answer>18</answer>", "<answer>18</answer>", "first"],
  [
    "I may call <search>x</search>.\n</think>\n\n<answer>18</answer>",
    "<answer>18</answer>",
    "I may call <search>x</search>.",
  ],
  ["<think>one</think>So <think>two</think><answer>18</answer>", "So <answer>18</answer>", "one\n\ntwo"],
  [
    "<think>it ends with </think>, then <answer>.</think><answer>18</answer>",
    "<answer>18</answer>",
    "it ends with\n\n, then <answer>.",
  ],
  ["<think>it never ends, <answer>18</answer>", "", "it never ends, <answer>18</answer>"],
  ["<Thinking>a</Thinking>b", "b", "a"],
  ["<thought>a</thought>b", "b", "a"],
  ["[THINK]a[/THINK]b", "b", "a"],
  ["a[/THINK]b", "b", "a"],
  ["◁think▷a◁/think▷b", "b", "a"],
  ["a◁/think▷b", "b", "a"],
  ["◁think▷a", "", "a"],
  ["<reasoning>a</reasoning>\n<answer>18</answer>", "<answer>18</answer>", "a"],
  ["<think>\n\n</think>\n\nb", "b", undefined],
])("takes the thought off %j", (written, text, thought) => {
  expect(separateThought(written)).toEqual({ text, thought })
})

it("leaves a text without a thought as it is", () => {
  const piece = fc.constantFrom(" ", "\n", "<answer>", "</answer>", "think", "<thinker>", "<", ">", "/", "[", "12", "é")
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const text = pieces.join("")
      fc.pre(!/<\/?think>/.test(text))
      expect(separateThought(text)).toEqual({ text })
    }),
  )
})

it("leaves nothing of a thought in what was said, whatever the thought names", () => {
  const piece = fc.constantFrom("<answer>", "</answer>", "<search>", " ", "a", "<", ">", "/")
  fc.assert(
    fc.property(fc.array(piece), fc.boolean(), (pieces, opened) => {
      const written = `${opened ? "<think>" : ""}${pieces.join("")}</think>\n<answer>18</answer>`
      const { text, reasoning } = readGeneration({
        content: [{ type: "text", text: written }],
        finishReason: "stop",
        usage: undefined,
      })
      expect(text).toBe("<answer>18</answer>")
      expect(reasoning?.[0]?.text ?? "").toBe(pieces.join("").trim())
    }),
  )
})
