/** BM25 as a Retriever, and the indexes it has built: equal corpus ids share one, the longest unused is forgotten. */
import type { Corpus, Passage, Retriever } from "@swirl-ts/core"
import { type Bm25Index, type Bm25Settings, buildBm25 } from "./bm25.ts"

export interface Bm25Retriever extends Retriever {
  build(corpus: Corpus): Promise<Bm25Index>
}

/** A Retriever that builds a fresh index each time it is asked. */
export function bm25(settings: Bm25Settings): Bm25Retriever {
  return {
    description: `BM25 in memory (k1 ${settings.k1}, b ${settings.b}, title terms count ${settings.titleWeight} times)`,
    async build(corpus) {
      const passages: Passage[] = []
      for await (const passage of corpus.passages()) passages.push(passage)
      return buildBm25(passages, settings)
    },
  }
}

export interface IndexCache {
  get(corpus: Corpus, settings: Bm25Settings): Promise<Bm25Index>
}

/** Keeps `capacity` indexes, by corpus id and settings. Callers that come while one is built wait for the same one. */
export function createIndexCache(capacity: number): IndexCache {
  const indexes = new Map<string, Promise<Bm25Index>>()
  return {
    get(corpus, { k1, b, titleWeight }) {
      const key = `${k1}/${b}/${titleWeight}/${corpus.id}`
      const known = indexes.get(key)
      const index = known ?? bm25({ k1, b, titleWeight }).build(corpus)
      if (known) indexes.delete(key)
      // A corpus that could not be read is read again next time.
      else {
        index.catch(() => {
          if (indexes.get(key) === index) indexes.delete(key)
        })
      }
      indexes.set(key, index)
      if (indexes.size > capacity) indexes.delete(indexes.keys().next().value!)
      return index
    },
  }
}
