/** The passages of a corpus that a retriever finds for one query, with their scores. */
import type { StageContext } from "../context.ts"
import { openCorpus } from "./corpus-source.ts"
import { openPassageIndex, type RetrieverRequest } from "./passage-index.ts"

export interface SearchRequest extends RetrieverRequest {
  /** A file of passages, or a benchmark. */
  corpus: string
  split?: string
  query: string
  count: number
}

export interface FoundPassages {
  corpus: string
  /** Passages of the whole corpus, and lines of it that are none. */
  size: number
  skipped: number
  query: string
  milliseconds: number
  /** What answered, for people. */
  retriever: string
  passages: { rank: number; index: number; score: number; title: string; text: string }[]
}

/** Best first, `count` at most. */
export async function searchCorpus(context: StageContext, request: SearchRequest): Promise<FoundPassages> {
  const { query, count } = request
  const corpus = await openCorpus(context, request.corpus, request.split)
  const index = await openPassageIndex(context, corpus, request)
  try {
    const began = performance.now()
    const found = await index.search(query, count, { abortSignal: context.abortSignal })
    const milliseconds = performance.now() - began
    const passages = found.map(({ title, text, index: place, score }, i) => ({
      rank: i + 1,
      index: place,
      score,
      title,
      text,
    }))
    const { size, description: retriever, skipped } = index
    return { corpus: corpus.id, size, skipped: skipped.count, query, milliseconds, retriever, passages }
  } finally {
    await index.close()
  }
}
