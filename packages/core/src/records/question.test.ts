import { expect, test } from "vitest"
import { byQuestion } from "./question.ts"

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
