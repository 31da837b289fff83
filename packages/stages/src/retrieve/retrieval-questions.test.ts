import { expect, test } from "vitest"
import { distinctQuestions, rankingsOf } from "./retrieval-questions.ts"

test("questions are counted after repeats and those without gold titles are left out", async () => {
  const each = (question: string, ...goldTitles: string[]) => ({ question, goldTitles })
  const given = [each("a", "x", "y"), each("a", "y", "x"), each("b"), each("c", "x"), each("d", "x")]
  const { questions, withoutGold, repeated } = await distinctQuestions("q", given, 2)
  expect([questions.map(({ question }) => question), withoutGold, repeated]).toEqual([["a", "c"], 1, 1])
  expect((await distinctQuestions("q", given)).questions).toHaveLength(3)
})

test("questions bring rankings of one setting; a setting that is not there, or not named, is told with those that are", () => {
  const each = (question: string, setting: string, retrieved: string[]) => ({
    question,
    goldTitles: ["x"],
    setting,
    retrieved,
  })
  const both = [each("a", "pooled", ["x"]), each("a", "own", ["y"]), each("b", "own", ["z"])]
  expect(rankingsOf("q", both, "own")).toEqual(both.slice(1))
  expect(rankingsOf("q", both.slice(1), true)).toEqual(both.slice(1))
  expect(() => rankingsOf("q", both, "poled")).toThrow(/no rankings of the setting "poled"\. It has: pooled, own\./)
  expect(() => rankingsOf("q", both, true)).toThrow(/2 settings: pooled, own\. Give one/)
  expect(() => rankingsOf("q", [...both, each("a", "own", ["z"])], "own")).toThrow(/two different rankings of "a"/)
  expect(() => rankingsOf("q", [{ question: "a", goldTitles: ["x"], retrieved: [] }], "own")).toThrow(
    /no column setting to find "own" in/,
  )
  expect(() => rankingsOf("q", [{ question: "a", goldTitles: ["x"] }], true)).toThrow(/holds no rankings/)
})
