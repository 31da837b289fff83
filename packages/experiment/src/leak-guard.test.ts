import { expect, test } from "vitest"
import { assertNoLeak } from "./leak-guard.ts"

test("a question that was trained on is found whatever its id, case and spacing", () => {
  const trained = [{ id: "train/4", question: "How many  apples?" }]
  expect(() => assertNoLeak(trained, [{ id: "test/9", question: "how many apples?" }], "calc/test")).toThrow(
    /test\/9 \(trained on as train\/4\)/,
  )
  expect(() => assertNoLeak(trained, [{ id: "test/9", question: "how many pears?" }], "calc/test")).not.toThrow()
})
