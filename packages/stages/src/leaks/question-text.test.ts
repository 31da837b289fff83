import fc from "fast-check"
import { expect, test } from "vitest"
import { questionKey, questionWords } from "./question-text.ts"

const blanks = fc.constantFrom(" ", "  ", "\t", "\n", "\u00a0", "\u2009", " \u200b")
const signs = fc.constantFrom("", "?", "!", ",", "…", " – ", "—", "-", "‑", "'", "’", "“", "”", " \u2212 ")
const words = fc.array(fc.constantFrom("straße", "Łódź", "apples", "čtvrť", "東京", "how", "many", "१२३क"), {
  minLength: 1,
  maxLength: 20,
})

test("a question equals itself, whatever case, punctuation, dashes and blanks it is written with", () => {
  fc.assert(
    fc.property(words, fc.infiniteStream(fc.tuple(signs, blanks, fc.boolean())), (written, drawn) => {
      const other = written.map((word) => {
        const [sign, blank, isUpper] = drawn.next().value!
        return `${isUpper && word !== "straße" ? word.toUpperCase() : word.normalize("NFD")}${sign}${blank}`
      })
      expect(questionKey(other.join(""))).toBe(questionKey(written.join(" ")))
    }),
  )
})

test("questions of other words are others", () => {
  fc.assert(
    fc.property(words, fc.nat(), (written, place) => {
      const other = (written as string[]).with(place % written.length, "pears")
      expect(questionKey(other.join(" "))).not.toBe(questionKey(written.join(" ")))
    }),
  )
})

test.each([
  ["What is 3 + 5?", "What is 3 - 5?"],
  ["2*2", "2+2"],
  ["How much is (2 + 3) * 4?", "How much is 2 + (3 * 4)?"],
  ["What is -5 + 3?", "What is 5 + 3?"],
  ["What is x * y?", "What is x / y?"],
  ["1 23", "12 3"],
  ["∫?", "∑?"],
])("signs between numbers are no punctuation: %s is not %s", (one, other) => {
  expect(questionKey(one)).not.toBe(questionKey(other))
})

test.each([
  ["What is 3 − 5?", "what is 3-5"],
  ["the non-Afghan\u00ad veterans", "The nonAfghan veterans"],
  ["Ｗｈｏ wrote “It’s”?", "who wrote 'its'"],
])("%s is %s", (one, other) => {
  expect(questionKey(one)).toBe(questionKey(other))
})

test("words are letters and digits, in order", () => {
  expect(questionWords("Janet’s ducks lay 16 eggs\u200b!")).toEqual(["janet", "s", "ducks", "lay", "16", "eggs"])
})
