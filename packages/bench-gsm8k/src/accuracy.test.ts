import fc from "fast-check"
import { expect, test } from "vitest"
import { accuracy, onlyNumber } from "./accuracy.ts"

test.each([
  ["18", "18"],
  ["18.0", "18"],
  ["$18.00", "18"],
  ["**18**", "18"],
  ["18.", "18"],
  ["18 eggs a day.", "18"],
  ["1,800", "1800"],
  ["1,234,567.50", "1234567.5"],
  ["−3", "-3"],
  ["-$3.50", "-3.5"],
  ["+7", "7"],
  ["007", "7"],
  ["-0.0", "0"],
  [".5", "0.5"],
  ["2e3", "2000"],
  ["1e+16", "10000000000000000"],
  ["#### 18", "18"],
  ["x=18", "18"],
])("%s is read as %s", (text, number) => expect(onlyNumber(text)).toBe(number))

test.each(["", "eighteen", "16 + 2 = 18", "10-20", "1/2", "1,2", "1,23", "3.4.5", "12,3456", "18 or 19", "..."])(
  "%s names not one number",
  (text) => expect(onlyNumber(text)).toBeUndefined(),
)

test("an answer is right by value, not by spelling", () => {
  expect(accuracy("3,000.0", "3000")).toBe(1)
  expect(accuracy("3000.5", "3000")).toBe(0)
  expect(accuracy("-3", "3")).toBe(0)
  expect(accuracy(undefined, "3")).toBe(0)
  expect(accuracy("", "3")).toBe(0)
})

test("every whole number is right in its usual spellings and wrong for its neighbour", () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), (n) => {
      const spellings = [`${n}`, `${n}.0`, n.toLocaleString("en-US"), `$${n}`, `${n} apples`, ` ${n}.\n`]
      for (const text of spellings) expect([text, accuracy(text, `${n}`)]).toEqual([text, 1])
      expect(accuracy(`${n}`, `${n === Number.MAX_SAFE_INTEGER ? n - 1 : n + 1}`)).toBe(0)
    }),
  )
})

test("any text is read without an error, and what is read is a number", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc
      .array(fc.constantFrom("1", "0", ".", ",", "-", "+", "e", "$", " "), { maxLength: 12 })
      .map((parts) => parts.join("")),
  )
  fc.assert(
    fc.property(text, (given) => {
      const read = onlyNumber(given)
      if (read !== undefined) {
        expect(Number.isNaN(Number(read))).toBe(false)
        if (Number.isFinite(Number(read)) && !read.includes("e")) expect(onlyNumber(read)).toBe(read)
      }
    }),
  )
})
