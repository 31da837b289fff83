import fc from "fast-check"
import { expect, test } from "vitest"
import { fold } from "./fold.ts"

const tricky = fc.constantFrom(..."ŁøıßĐæŒÞðǿǽ–—‑−’‘ʻ´“\u00ad\u200b\u0301\u0654اक\u093c각ﬁ½İ".split(""), "a", "-", " ")
const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.array(tricky).map((parts) => parts.join("")),
  fc.string(),
)

test("folding twice is folding once, whatever the text", () => {
  fc.assert(
    fc.property(text, (any) => {
      expect(fold(fold(any))).toBe(fold(any))
    }),
    { numRuns: 2000 },
  )
  for (let code = 0; code < 0x11_0000; code++) {
    const character = String.fromCodePoint(code)
    const once = fold(character)
    if (fold(once) !== once) throw new Error(`U+${code.toString(16)} folds to ${once}, then ${fold(once)}`)
  }
})

test("ASCII stays as it is", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary-ascii" }), (any) => {
      expect(fold(any)).toBe(any)
    }),
  )
})

test("every dash of Unicode is a hyphen, every apostrophe is one", () => {
  for (let code = 0x80; code < 0x1_0000; code++) {
    const character = String.fromCharCode(code)
    // A vertical one is a dash too; the wave and the slanted ones are read as such.
    if (/\p{Pd}/u.test(character)) expect([code, fold(character)]).toEqual([code, "-"])
  }
  for (const minus of "−⁻₋➖") expect(fold(`a${minus}b`)).toBe("a-b")
  for (const mark of "’‘ʼʻʹ′´＇") expect([mark, fold(`O${mark}Brien`)]).toEqual([mark, "O'Brien"])
  expect(fold("“a” „b‟")).toBe('"a" "b"')
})

test("letters with strokes, hooks and bars are their plain ones, case kept; other scripts stay", () => {
  expect(fold("Łódź Øresund ıIİi straße ẞ Đakovo ðŊ Æsop Œuvre Þór ħŧƀɨǿ")).toBe(
    "Lodz Oresund iIIi strasse SS Dakovo dN AEsop OEuvre THor htbio",
  )
  expect(fold("Москва 東京 서울 עברית हिन्दी ქართული")).toBe("Москва 東京 서울 עברית हिन्दी ქართული")
  expect(fold("co\u00adope\u200bration")).toBe("cooperation")
})
