/** Ranked positions of passages, and the one rule by which all indexes order them: higher score, then corpus order. */
import type { Passage, PassageIndex, Skipped } from "@swirl-ts/core"

export interface Hit {
  /** Position in the corpus. */
  index: number
  score: number
}

/** Hands out passages by position. */
export interface PassageStore {
  size: number
  skipped?: Skipped
  passages(indexes: readonly number[]): Passage[] | Promise<Passage[]>
  close?(): void | Promise<void>
}

/** Ranks passages by the words of a query. */
export interface WordIndex {
  description: string
  rank(query: string, count: number): Hit[] | Promise<Hit[]>
}

/** Our own BM25, in memory or on disk: it answers alone. */
export interface TextIndex extends PassageIndex, PassageStore, WordIndex {
  description: string
}

/** Nearest passages by dot product of unit vectors. */
export interface VectorIndex {
  description: string
  size: number
  dimensions: number
  nearest(vector: Float32Array, count: number): Hit[] | Promise<Hit[]>
  close?(): void | Promise<void>
}

/** The best `count` hits that were offered, by that rule. Offers are taken in corpus order, so equal scores stay so. */
export class BestHits {
  readonly hits: Hit[] = []
  readonly #count: number
  /** A hit has to score more than this to enter. */
  threshold = Number.NEGATIVE_INFINITY

  constructor(count: number) {
    this.#count = count
  }

  offer(index: number, score: number): void {
    if (!(score > this.threshold)) return
    const { hits } = this
    // The place behind every hit that scores as much: later passages lose ties.
    let low = 0
    let high = hits.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (hits[middle]!.score >= score) low = middle + 1
      else high = middle
    }
    hits.splice(low, 0, { index, score })
    if (hits.length > this.#count) hits.pop()
    if (hits.length === this.#count) this.threshold = hits[this.#count - 1]!.score
  }
}

/** Throws RangeError for a count that is no positive integer. */
export function checkCount(count: number): void {
  if (!Number.isInteger(count) || count < 1) throw new RangeError(`count has to be a positive integer, not ${count}`)
}
