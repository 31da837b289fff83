import fc from "fast-check"
import { expect, test } from "vitest"
import { analyse, stopName, stopTerms } from "./analysis.ts"
import { type Bm25Settings, buildBm25 } from "./bm25.ts"

interface Passage {
  title: string
  text: string
}

/** The formula of the file's head, term by term and passage by passage, with no index. */
function scoresByHand(passages: readonly Passage[], query: string, { k1, b, titleWeight }: Bm25Settings): number[] {
  const documents = passages.map((p) => ({
    title: [...analyse(p.title), ...stopTerms(p.title), ...[stopName(p.title) ?? []].flat()],
    text: [...analyse(p.text), ...stopTerms(p.text)],
  }))
  const count = (terms: string[], term: string) => terms.filter((t) => t === term).length
  const counted = (terms: string[]) => terms.filter((term) => !term.startsWith(" ")).length
  const length = (d: { title: string[]; text: string[] }) => titleWeight * counted(d.title) + counted(d.text)
  const mean = documents.map(length).reduce((a, c) => a + c, 0) / documents.length || 1
  const terms = analyse(query)
  const searched = [...(terms.length > 0 ? terms : stopTerms(query)), ...[stopName(query) ?? []].flat()]
  return documents.map((d) =>
    searched
      .map((term) => {
        const tf = titleWeight * count(d.title, term) + count(d.text, term)
        if (tf === 0) return 0
        const n = documents.filter((e) => e.text.includes(term) || (titleWeight > 0 && e.title.includes(term))).length
        const idf = Math.log(1 + (documents.length - n + 0.5) / (n + 0.5))
        return (idf * tf * (k1 + 1)) / (tf + k1 * (1 - b + (b * length(d)) / mean))
      })
      .reduce((a, c) => a + c, 0),
  )
}

const word = fc.constantFrom(
  "oslo",
  "mayor",
  "Mayors",
  "the",
  "Who",
  "(film)",
  "kai",
  "1,000",
  "1000",
  "zürich",
  "東京",
  "don't",
  "of",
  ".",
)
const text = fc.array(word, { maxLength: 8 }).map((words) => words.join(" "))
const passages = fc.array(fc.record({ title: text, text }), { minLength: 1, maxLength: 12 })
const settings = fc.record({
  k1: fc.constantFrom(0, 0.9, 1.2, 2),
  b: fc.constantFrom(0, 0.4, 0.75, 1),
  titleWeight: fc.constantFrom(0, 0.5, 1, 2, 5),
})

test("scores are those of the formula, best first, equal ones in corpus order, only what matches", () => {
  fc.assert(
    fc.property(passages, text, settings, fc.integer({ min: 1, max: 60 }), (corpus, query, chosen, count) => {
      const expected = scoresByHand(corpus, query, chosen)
      const found = buildBm25(corpus, chosen).search(query, count)
      expect(found).toHaveLength(Math.min(count, expected.filter((score) => score > 0).length))
      found.forEach((passage, rank) => {
        expect(passage.score).toBeCloseTo(expected[passage.index]!, 10)
        expect(corpus[passage.index]).toMatchObject({ title: passage.title, text: passage.text })
        const next = found[rank + 1]
        if (!next) return
        const inOrder = passage.score > next.score || (passage.score === next.score && passage.index < next.index)
        expect(inOrder).toBe(true)
      })
      const worst = found.at(-1)?.score ?? 0
      const left = expected.filter((_, index) => !found.some((passage) => passage.index === index))
      for (const score of left) expect(score).toBeLessThanOrEqual(worst + 1e-9)
    }),
    { numRuns: 300 },
  )
})

test("a search leaves no trace: the same query gives the same result after any others", () => {
  fc.assert(
    fc.property(passages, text, fc.array(text, { maxLength: 5 }), (corpus, query, others) => {
      const index = buildBm25(corpus, { k1: 1.2, b: 0.75, titleWeight: 2 })
      const first = index.search(query, 3)
      for (const other of others) index.search(other, 2)
      expect(index.search(query, 3)).toEqual(first)
    }),
  )
})

test("any Unicode text can be indexed and searched", () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: "binary", maxLength: 30 }), { maxLength: 6 }),
      fc.string({ unit: "binary" }),
      (texts, query) => {
        const corpus = texts.map((t, i) => ({ title: texts[i - 1] ?? "", text: t }))
        for (const found of buildBm25(corpus, { k1: 1.2, b: 0.75, titleWeight: 2 }).search(query, 3)) {
          expect(Number.isFinite(found.score)).toBe(true)
        }
      },
    ),
  )
})

test("a count that is no positive integer is refused", () => {
  const index = buildBm25([], { k1: 1.2, b: 0.75, titleWeight: 2 })
  expect(() => index.search("x", 0)).toThrow(RangeError)
  expect(() => index.search("x", 1.5)).toThrow(RangeError)
})
