import { expect, test } from "vitest"
import { byQuestion, scoresByQuestion } from "./question.ts"

test("samples of one id are of one question unless both say that the text is another", () => {
  const samples = [
    { taskId: "1" },
    { taskId: "1", questionHash: "a" },
    { taskId: "2", questionHash: "a" },
    { taskId: "1", questionHash: "b" },
    { taskId: "1", questionHash: "a" },
  ]
  expect(byQuestion(samples).map(({ taskId, questionHash, samples: of }) => [taskId, questionHash, of.length])).toEqual(
    [
      ["1", "a", 3],
      ["2", "a", 1],
      ["1", "b", 1],
    ],
  )
})

test("a score stands beside the number of its question, and a sample without one is left out", () => {
  const samples = [
    { taskId: "1", score: 1 },
    { taskId: "2" },
    { taskId: "3", score: 0.5 },
    { taskId: "1", score: 0 },
    { taskId: "1" },
  ]
  expect(scoresByQuestion(samples, ({ score }) => score)).toEqual({ scores: [1, 0, 0.5], asked: [0, 0, 2] })
})
