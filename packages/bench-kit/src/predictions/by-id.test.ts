import { expect, test } from "vitest"
import { byId, predictionFor, readPredictions } from "../index.ts"

test("predictions by id are one JSON object; every other file is told how it should look", () => {
  const file = readPredictions('{"answer": {"a": "x", "__proto__": "y"}, "sp": 7}', "{id: answer}")
  expect(predictionFor(byId(file.answer), "a")).toBe("x")
  expect(predictionFor(byId(file.answer), "__proto__")).toBe("y")
  expect(byId(file.sp)).toEqual({})
  for (const text of ["[]", "7", "null"]) {
    expect(() => readPredictions(text, "{id: answer}")).toThrow(
      "The predictions file is no JSON object. Give {id: answer}.",
    )
  }
  expect(() => readPredictions('{"a": ', "{id: answer}")).toThrow("the predictions file is not JSON")
})

test("ids are texts, and what every object has is no prediction", () => {
  expect(predictionFor({ 7: "x" }, 7)).toBeUndefined()
  expect(predictionFor({}, "constructor")).toBeUndefined()
})
