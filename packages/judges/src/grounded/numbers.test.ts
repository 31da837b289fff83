import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { readExpression } from "./expression.ts"
import { soleNumber, writtenNumbers } from "./numbers.ts"

const values = (text: string, words = true) => writtenNumbers(text, { words }).map((number) => number.forms[0])

describe("written numbers", () => {
  it.each([
    ["12 and 5", [12, 5]],
    ["$1,200.50 or 1,2", [1200.5, 1, 2]],
    ["twenty-one, two hundred and five, thirty", [21, 205, 30]],
    ["three or four", [3, 4]],
    ["1 1/2 cups", [1.5]],
    [".75", [0.75]],
    ["the 3rd at 8:30, a 10-year-old", [3, 8, 30, 10]],
    ["someone is often alone", []],
    ["", []],
  ])("%j", (text, expected) => expect(values(text)).toEqual(expected))

  it("leaves words out unless they are asked for", () => expect(values("three of 4", false)).toEqual([4]))

  it("never throws and takes every whole number up to a million back", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => void writtenNumbers(text, { words: true })))
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), (value) => {
        expect(values(`she has ${value} of them`)).toEqual([value])
        expect(values(`she has $${value.toLocaleString("en-US")}.`)).toEqual([value])
        expect(soleNumber(`${value}.0`)?.value).toBe(value)
      }),
    )
  })
})

describe("sole numbers", () => {
  it.each([
    ["24.0", 24],
    ["- 5", -5],
    ["2 . 5", 2.5],
    ["$1,200", 1200],
    ["18 dollars.", 18],
    ["1e-05", 1e-5],
    ["-0.5", -0.5],
    ["3 or 4", undefined],
    ["error", undefined],
    ["5 + x", undefined],
    ["", undefined],
  ])("%j is %j", (text, value) => expect(soleNumber(text)?.value).toBe(value))
})

describe("expressions", () => {
  const operands = (text: string) => {
    const read = readExpression(text)
    return "problem" in read ? read.problem : read.operands.map((operand) => operand.value)
  }

  it("reads every number of a generated expression in order", () => {
    const { expression } = fc.letrec<{ expression: { text: string; numbers: number[] } }>((tie) => ({
      expression: fc.oneof(
        { depthSize: "small" },
        fc.nat(9999).map((value) => ({ text: String(value), numbers: [value] })),
        fc
          .tuple(tie("expression"), fc.constantFrom("+", "-", "*", "/", "**", " + "), tie("expression"))
          .map(([a, sign, b]) => ({ text: `(${a.text}${sign}${b.text})`, numbers: [...a.numbers, ...b.numbers] })),
        tie("expression").map((inner) => ({ text: `-${inner.text}`, numbers: inner.numbers })),
        tie("expression").map((inner) => ({ text: `sqrt(${inner.text})`, numbers: inner.numbers })),
      ),
    }))
    fc.assert(
      fc.property(expression, ({ text, numbers }) => {
        expect(operands(text)).toEqual(numbers)
      }),
    )
  })

  it.each(["", "1 +", "+", "(1", "1)", "1 2", "x + 1", "1 + two", "max(1,)", `${"(".repeat(60)}1${")".repeat(60)}`])(
    "does not read %j",
    (text) => expect(operands(text)).toEqual(expect.any(String)),
  )

  it.each([
    ["20% * 50", [20, 50]],
    ["7 % 3", [7, 3]],
    ["$3 x 4 =", [3, 4]],
    ["1,200/12", [1200, 12]],
    ["max(1, 2)", [1, 2]],
    ["2 * pi", [2]],
  ])("reads %j", (text, expected) => expect(operands(text)).toEqual(expected))

  it("never throws, whatever the text", () => {
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 3000 }), (text) => void readExpression(text)))
    const signs = fc.array(fc.constantFrom(..."12+-*/%(),. ex$=")).map((list) => list.join(""))
    fc.assert(fc.property(signs, (text) => void readExpression(text)))
  })
})
