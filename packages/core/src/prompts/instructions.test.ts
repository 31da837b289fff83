import { expect, test } from "vitest"
import type { ActionFormat } from "../contracts/action.ts"
import { instructions } from "./instructions.ts"

const format = { describe: () => "To answer, write <answer>your answer</answer>." } as unknown as ActionFormat
const limits = { toolCalls: 3, steps: 4, stepTokens: 9, trajectoryTokens: 99 }

test("a conversation without tools is asked to think aloud and to end with the answer, and hears of no call", () => {
  const text = instructions("How many?", "One number only.", { format, tools: [], limits })
  expect(text).toBe(
    [
      "Answer the question at the end. One number only.",
      "Think step by step: first write down how you work it out, and end with the answer.",
      "To answer, write <answer>your answer</answer>.",
      "",
      "Question: How many?",
    ].join("\n"),
  )
})
