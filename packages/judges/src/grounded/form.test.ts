import { type Action, type JudgeInput, userMessage } from "@swirl-ts/core"
import { expect, test } from "vitest"
import { form } from "./form.ts"

const call = (query: string): Action => ({ kind: "tool", tool: "calculator", input: { expression: query }, query })
const input = (action: Action, earlier: Action[] = []): JudgeInput => ({
  prompt: [userMessage("mira has 5 apples . how many does she have now ?")],
  conversation: earlier.map((step) => ({ text: "", action: step, observation: { text: "8", isError: false } })),
  action: { text: "", action },
})

test("form rewards any new call and any answer, and nothing malformed or repeated", async () => {
  const judge = form({ benchmark: "bench-sandbox/calc", seed: 1 })
  const verdict = async (...args: Parameters<typeof input>) => (await judge.judge(input(...args))).verdict
  expect(await verdict(call("999 * 999"))).toBe("good")
  expect(await verdict({ kind: "answer", answer: "nonsense" })).toBe("good")
  expect(await verdict(call("5 + 3"), [call("5  +  3")])).toBe("bad")
  expect(await verdict({ kind: "malformed", reason: "no tag" })).toBe("bad")
})
