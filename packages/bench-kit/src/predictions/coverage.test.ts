import { expect, it } from "vitest"
import { coverageNotes } from "./coverage.ts"

it.each([
  [["a", "b"], ["b", "a"], []],
  [["a", "b", undefined], ["b"], ["1 of 3 gold questions have a prediction; the others score 0"]],
  [["a"], ["a", "x", "y"], ['2 of 3 predictions name no gold question: "x"']],
  [["a", "a", "b", "b", "a"], ["a", "b"], ['gold ids that stand more than once: 2, e.g. "a"']],
  [
    ["a"],
    ["A"],
    ["0 of 1 gold questions have a prediction; the others score 0", '1 of 1 predictions name no gold question: "A"'],
  ],
])("gold ids %j and predicted ids %j: %j", (golds, predicted, notes) => {
  expect(coverageNotes(golds, predicted)).toEqual(notes)
})

it("says of what the predictions are", () => {
  expect(coverageNotes(["a"], ["x", "y"], " of supporting facts")).toEqual([
    "0 of 1 gold questions have a prediction of supporting facts; the others score 0",
    '2 of 2 predictions of supporting facts name no gold question: "x"',
  ])
})
