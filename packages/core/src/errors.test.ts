import { expect, it } from "vitest"
import { errorMessage } from "./errors.ts"

const circular: Record<string, unknown> = {}
circular.self = circular

it.each([
  [new Error("no"), "no"],
  ["text", "text"],
  [{ code: 5 }, '{"code":5}'],
  [{ message: "from another realm", code: 5 }, "from another realm"],
  [undefined, "undefined was thrown, which says nothing of what went wrong"],
  [null, "null was thrown, which says nothing of what went wrong"],
  [circular, "[object Object]"],
])("what was thrown has a text, also where it is no error: %s", (thrown, text) => {
  expect(errorMessage(thrown)).toBe(text)
})
