import { expect, it } from "vitest"
import { referenceOf } from "./outcomes.ts"

it.each([
  [{ answer: "Rome" }, "Rome"],
  [{ answer: "Rome", acceptedAnswers: ["Rome", "Roma", "Rome", "Urbs"] }, "Rome (also right: Roma; Urbs)"],
  [{ answer: "Rome", acceptedAnswers: ["unanswerable"] }, "unanswerable"],
  [{}, undefined],
])("a judge of answers is told all that counts as right: %j", (task, reference) => {
  expect(referenceOf({ id: "1", question: "Where?", ...task })).toBe(reference)
})
