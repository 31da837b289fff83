import { expect, test } from "vitest"
import { resultKeys } from "./result-keys.ts"

const one = { count: 1, format: "title-text" } as const

test("a passage is known by its title, however much of its text is shown", () => {
  expect(resultKeys("Oslo: Oslo is the capital of Norway.", one)).toEqual(["Oslo"])
  expect(resultKeys("Oslo: Oslo is…", one)).toEqual(["Oslo"])
  expect(resultKeys("Oslo", one)).toEqual(["Oslo"])
})

test("several passages are known one by one", () => {
  const several = { ...one, count: 2 }
  expect(resultKeys("[1] Oslo: the capital\n[2] New  York: a city", several)).toEqual(["Oslo", "New York"])
  expect(resultKeys("Oslo: one was found", several)).toEqual(["Oslo"])
})

test("without titles the text counts, and nothing says nothing", () => {
  expect(resultKeys("oslo : is  a city", { ...one, format: "text" })).toEqual(["oslo : is a city"])
  expect(resultKeys("", one)).toEqual([])
})
