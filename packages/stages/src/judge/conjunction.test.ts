import type { JudgeVerdict } from "@swirl-ts/core"
import { expect, test } from "vitest"
import { conjunctionOf, optionsOfEach } from "./conjunction.ts"

const words = ["good", "bad", "unscored"] as const
const said = (verdict: JudgeVerdict["verdict"], judge: string, score?: number) => ({
  judge,
  verdict,
  score,
  reason: `it is ${verdict}`,
})

test("one bad is bad, whatever else is said; without one, one unscored is unscored; only all good are good", () => {
  const table = words.flatMap((a) => words.map((b) => [a, b, conjunctionOf([said(a, "one"), said(b, "two")]).verdict]))
  expect(table).toEqual([
    ["good", "good", "good"],
    ["good", "bad", "bad"],
    ["good", "unscored", "unscored"],
    ["bad", "good", "bad"],
    ["bad", "bad", "bad"],
    ["bad", "unscored", "bad"],
    ["unscored", "good", "unscored"],
    ["unscored", "bad", "bad"],
    ["unscored", "unscored", "unscored"],
  ])
  expect(conjunctionOf([said("unscored", "one"), said("bad", "two")]).reason).toBe("two: it is bad")
})

test("a graded step has the least of the scores, and one that is bad its own", () => {
  const { score } = conjunctionOf([said("good", "one", 0.7), said("good", "two"), said("good", "three", 0.9)])
  expect(score).toBe(0.7)
  expect(conjunctionOf([said("good", "one", 0.7), said("bad", "two", 0.2)]).score).toBe(0.2)
  expect(conjunctionOf([said("good", "one", 0.7), said("unscored", "two")]).score).toBeUndefined()
})

test("an option is of the judge before its dot, or of the one that asks a model", () => {
  const asksModel = (name: string): boolean => name === "llm"
  const options = { "consensus.agree": 2, votes: 3 }
  expect(optionsOfEach(["consensus", "llm"], options, asksModel)).toEqual([{ agree: 2 }, { votes: 3 }])
  expect(() => optionsOfEach(["consensus", "grounded"], options, asksModel)).toThrow("Write consensus.votes.")
})
