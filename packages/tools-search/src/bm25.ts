/**
 * BM25 over passages in memory. Robertson's formula with Lucene's always-positive idf:
 *   score(q, d) = Σ over terms t of q, repeats included, of  idf(t) · tf(t, d) · (k1 + 1) / (tf(t, d) + k1 · (1 − b + b · |d| / mean |d|))
 *   idf(t) = ln(1 + (N − n(t) + ½) / (n(t) + ½))
 * where a term in the title counts `titleWeight` times, in tf and in |d|; stop words have a tf and no part in |d|. Every
 * weight is computed when the index is built, those of stop words with the first query that needs them; a search adds up
 * postings. Equal scores stay in corpus order.
 */
import type { Passage, RankedPassage } from "@swirl-ts/core"
import { analyse, isStop, queryTerms, stopName, stopTerms } from "./analysis.ts"
import { checkCount, type Hit, type TextIndex } from "./hits.ts"

export interface Bm25Settings {
  k1: number
  b: number
  titleWeight: number
}

export interface Bm25Index extends TextIndex {
  rank(query: string, count: number): Hit[]
  passages(indexes: readonly number[]): Passage[]
  search(query: string, count: number): RankedPassage[]
}

/** Terms numbered in order of first appearance; one entry a term and passage, in passage order. */
interface Counts {
  termIds: Map<string, number>
  termOf: number[]
  passageOf: number[]
  frequencyOf: number[]
  /** Weighted terms a passage. */
  lengths: Float64Array
}

/** What a text has to be counted; `isTitle` where it is one. */
type TermsOf = (text: string, isTitle: boolean) => readonly string[]

const stopsAndName: TermsOf = (text, isTitle) => {
  const name = isTitle ? stopName(text) : undefined
  return name === undefined ? stopTerms(text) : [...stopTerms(text), name]
}

function countTerms(passages: readonly Passage[], titleWeight: number, termsOf: TermsOf): Counts {
  const termIds = new Map<string, number>()
  const termOf: number[] = []
  const passageOf: number[] = []
  const frequencyOf: number[] = []
  const lengths = new Float64Array(passages.length)
  /** Last entry of each term: it is this passage's if it was made since the passage began. */
  const lastEntry: number[] = []
  passages.forEach((passage, index) => {
    const firstEntry = termOf.length
    const add = (text: string, weight: number, isTitle: boolean): void => {
      if (weight === 0) return
      const terms = termsOf(text, isTitle)
      lengths[index]! += terms.length * weight
      for (const term of terms) {
        let id = termIds.get(term)
        if (id === undefined) {
          id = termIds.size
          termIds.set(term, id)
          lastEntry.push(-1)
        }
        const entry = lastEntry[id]!
        if (entry >= firstEntry) frequencyOf[entry]! += weight
        else {
          lastEntry[id] = termOf.length
          termOf.push(id)
          passageOf.push(index)
          frequencyOf.push(weight)
        }
      }
    }
    add(passage.title, titleWeight, true)
    add(passage.text, 1, false)
  })
  return { termIds, termOf, passageOf, frequencyOf, lengths }
}

/** Postings of term t: entries starts[t] to starts[t + 1], in corpus order. */
interface Postings {
  termIds: ReadonlyMap<string, number>
  starts: Uint32Array
  postings: Uint32Array
  weights: Float64Array
}

function weigh(counts: Counts, lengths: Float64Array, { k1, b }: Bm25Settings): Postings {
  const { termIds, termOf, passageOf, frequencyOf } = counts
  const size = lengths.length
  const meanLength = lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, size) || 1
  const starts = new Uint32Array(termIds.size + 1)
  for (const term of termOf) starts[term + 1]!++
  for (let term = 0; term < termIds.size; term++) starts[term + 1]! += starts[term]!
  const next = starts.slice()
  const postings = new Uint32Array(termOf.length)
  const weights = new Float64Array(termOf.length)
  for (let entry = 0; entry < termOf.length; entry++) {
    const term = termOf[entry]!
    const passage = passageOf[entry]!
    const frequency = frequencyOf[entry]!
    const matching = starts[term + 1]! - starts[term]!
    const idf = Math.log(1 + (size - matching + 0.5) / (matching + 0.5))
    const place = next[term]!++
    postings[place] = passage
    weights[place] = (idf * frequency * (k1 + 1)) / (frequency + k1 * (1 - b + (b * lengths[passage]!) / meanLength))
  }
  return { termIds, starts, postings, weights }
}

/** Builds the index; the passages are kept by reference. Throws RangeError for a search count that is no positive integer. */
export function buildBm25(passages: readonly Passage[], settings: Bm25Settings): Bm25Index {
  const { titleWeight } = settings
  const counts = countTerms(passages, titleWeight, analyse)
  const { lengths } = counts
  const size = passages.length
  const words = weigh(counts, lengths, settings)
  let stops: Postings | undefined
  const postingsOf = (term: string): Postings => {
    if (!isStop(term)) return words
    stops ??= weigh(countTerms(passages, titleWeight, stopsAndName), lengths, settings)
    return stops
  }

  const scores = new Float64Array(size)
  return {
    size,
    description: `BM25 in memory, ${size} passages`,
    passages: (indexes) => indexes.map((index) => passages[index]!),
    search(query, count) {
      return this.rank(query, count).map((hit) => ({ ...passages[hit.index]!, ...hit }))
    },
    rank(query, count) {
      checkCount(count)
      const touched: number[] = []
      for (const term of queryTerms(query)) {
        const { termIds, starts, postings, weights } = postingsOf(term)
        const id = termIds.get(term)
        if (id === undefined) continue
        for (let place = starts[id]!; place < starts[id + 1]!; place++) {
          const passage = postings[place]!
          if (scores[passage] === 0) touched.push(passage)
          scores[passage]! += weights[place]!
        }
      }
      const ranked = bestOf(touched, scores, count).map((index) => ({ index, score: scores[index]! }))
      for (const index of touched) scores[index] = 0
      return ranked
    },
  }
}

/** The `count` best candidates: higher score first, then lower number. */
function bestOf(candidates: readonly number[], scores: Float64Array, count: number): number[] {
  const before = (a: number, b: number): boolean => scores[a]! > scores[b]! || (scores[a] === scores[b] && a < b)
  if (count > 50) return candidates.toSorted((a, b) => (before(a, b) ? -1 : 1)).slice(0, count)
  const best: number[] = []
  for (const candidate of candidates) {
    if (best.length === count && !before(candidate, best[count - 1]!)) continue
    let place = best.length === count ? count - 1 : best.length
    for (; place > 0 && before(candidate, best[place - 1]!); place--) best[place] = best[place - 1]!
    best[place] = candidate
  }
  return best
}
