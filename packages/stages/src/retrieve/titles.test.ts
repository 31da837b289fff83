import fc from "fast-check"
import { expect, test } from "vitest"
import { distinctTitles, titleKey } from "./titles.ts"

test("one page's title is equal however Unicode composes it, with entities, underscores and any white space", () => {
  const ways: [string, string][] = [
    ["Beyoncé", "Beyonce\u0301"],
    ["Tom & Jerry", "Tom &amp; Jerry"],
    ["Tom & Jerry", "Tom_&#38;_Jerry"],
    ["Schindler's List", "Schindler&#x27;s List"],
    ["New York City", " New\u00a0York_City\n"],
  ]
  for (const [title, other] of ways) expect(titleKey(other)).toBe(titleKey(title))
})

test("another page's title stays another: case, accents, dashes and what only looks like an entity", () => {
  const titles = [
    "Us",
    "US",
    "Łódź",
    "Lodz",
    "2014–15",
    "2014-15",
    "AT&T;",
    "A &copy; B",
    "&#9999999;",
    "&constructor;",
  ]
  expect(titles.map(titleKey)).toEqual(titles)
})

test("a key of any text stays itself but for entities that were written twice", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 12 }), (text) => {
      fc.pre(!text.includes("&"))
      expect(titleKey(titleKey(text))).toBe(titleKey(text))
    }),
  )
})

test("titles of one page count once, as first written; an empty one names no page", () => {
  expect(distinctTitles(["Tom & Jerry", "", "Tom_&amp;_Jerry", " ", "Us"])).toEqual(["Tom & Jerry", "Us"])
})
