import { expect, it } from "vitest"
import { isObject, parseJson } from "./json.ts"

it("reads JSON, and gives undefined for every other text", () => {
  expect(parseJson('{"a":[1,null]}')).toEqual({ a: [1, null] })
  expect(parseJson("null")).toBeNull()
  for (const text of ["", "{", "undefined", "NaN", "{'a':1}", "\uFEFF{}"]) expect(parseJson(text)).toBeUndefined()
})

it("tells objects from lists, null and plain values", () => {
  expect([{}, Object.create(null), { a: 1 }].map(isObject)).toEqual([true, true, true])
  expect([[], null, undefined, "a", 1, () => {}].map(isObject)).toEqual(Array(6).fill(false))
})
