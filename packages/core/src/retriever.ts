/** A Retriever ranks the passages of a corpus for a query; the search tool puts its first ones into the conversation. */
import type { Corpus, Passage } from "./tool.ts"

export interface RankedPassage extends Passage {
  /** Position in the corpus. */
  index: number
  score: number
}

export interface PassageIndex {
  size: number
  /** Best first; equal scores in corpus order. Empty when nothing matches. */
  search(query: string, count: number): RankedPassage[] | Promise<RankedPassage[]>
}

export interface Retriever {
  description: string
  build(corpus: Corpus): PassageIndex | Promise<PassageIndex>
}
