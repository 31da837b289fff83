import { trajectory } from "@swirl-ts/test-support"
import { expect, test } from "vitest"
import { conversationBefore, stepTurns } from "./conversation.ts"
import { tags } from "./format-tags.ts"

test("the prompt and what each step added are the conversation before every step", () => {
  const recorded = trajectory("a", "how much is 1 + 1 ?", [["1 + 1", "2"], ["!no tag", "write a call"], ["=2"]])
  const added = recorded.steps.map((step) => stepTurns(step, tags))
  expect(added.map((turns) => turns.map(({ role }) => role))).toEqual([
    ["assistant", "user"],
    ["assistant", "user"],
    ["assistant"],
  ])
  for (const index of [...recorded.steps.keys(), recorded.steps.length])
    expect(conversationBefore(recorded, index, tags)).toEqual([...recorded.prompt, ...added.slice(0, index).flat()])
})
