import fc from "fast-check"
import { expect, test } from "vitest"
import { analyse, queryTerms } from "./analysis.ts"

test("terms are lower-case stems without stop words and punctuation", () => {
  expect(analyse("The mayors of Oslo were running, companies too!")).toEqual(["mayor", "oslo", "run", "compani"])
  expect(analyse("the mayor of oslo is kai .")).toEqual(["mayor", "oslo", "kai"])
  expect(analyse("Spider-Man's")).toEqual(["spider", "man"])
})

test("numbers are kept, without thousands commas and never stemmed; a range is itself and its ends", () => {
  expect(analyse("1,000 $5.50 in 1990–1995, the 3rd at 12:30")).toEqual([
    "1000",
    "5.50",
    "1990-1995",
    "1990",
    "1995",
    "3rd",
    "12:30",
  ])
})

test("accents, width and dotted capitals do not matter; other scripts are kept", () => {
  expect(analyse("Café naïve İstanbul １２")).toEqual(analyse("cafe naive istanbul 12"))
  expect(analyse("東京 Москва")).toEqual(["東京", "москва"])
})

test("dashes, apostrophes and letters with strokes are equal to their plain forms", () => {
  const plain = analyse("2014-15 Spider-Man's O'Brien F-16, Lodz Malmo oresund strasse Dakovo Encyclopaedia thing")
  const written = ["2014–15 Spider‑Man’s OʼBrien F−16,", "Łódź Malmø øresund straße Đakovo Encyclopædia þing"].join(" ")
  expect(analyse(written)).toEqual(plain)
  for (const dash of "-‐‑‒–—―−﹘﹣－⁻")
    expect([dash, analyse(`2014${dash}15`)]).toEqual([dash, ["2014-15", "2014", "15"]])
})

test("a query is searched by its stop words where it has nothing else, and by the name that they are", () => {
  expect(queryTerms("The Who")).toEqual([" the", " who", "  the who"])
  expect(queryTerms("the who?")).toEqual(queryTerms("The Who"))
  expect(queryTerms("Who is the mayor of Oslo")).toEqual(["mayor", "oslo"])
  expect(queryTerms("Us (2019 film)")).toEqual(["2019", "film", "  us"])
  expect(queryTerms("?!")).toEqual([])
})

test("nothing comes of nothing", () => {
  for (const text of ["", "  \n\t", "of the", "?! …"]) expect(analyse(text)).toEqual([])
})

test("texts joined by white space have the terms of both, however often they were seen", () => {
  const text = fc.string({ unit: "grapheme", maxLength: 40 })
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(analyse(`${a} ${b}`)).toEqual([...analyse(a), ...analyse(b)])
    }),
    { numRuns: 500 },
  )
})
