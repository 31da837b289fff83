/** Retrievers by name, and the indexes that are open: equal corpora and settings share one, the longest unused is forgotten. */
import type { Corpus, PassageIndex, Retriever, RetrieverContext } from "@swirl-ts/core"
import { openIndex } from "./open-index.ts"
import { readOptions, type SearchOptions, type SearchSettings } from "./options.ts"

export const ownRetrievers = ["auto", "bm25", "lancedb"] as const
export type OwnRetriever = (typeof ownRetrievers)[number]

const descriptions: Record<OwnRetriever, string> = {
  auto: "BM25 (memory or disk, by size), vectors exact or by LanceDB, or both by reciprocal rank fusion",
  bm25: "BM25 in memory or on disk, by size; exact vectors where asked for",
  lancedb: "LanceDB: full text, vectors, or both by reciprocal rank fusion",
}

/** A Retriever that opens an index each time it is asked; the context's options win over these. */
export function retriever(name: OwnRetriever, options: SearchOptions = {}): Retriever {
  return {
    description: descriptions[name],
    open: (corpus, context = {}) =>
      openIndex(corpus, readOptions({ ...options, ...context.options, retriever: name }), context),
  }
}

export interface IndexCache {
  get(corpus: Corpus, settings: SearchSettings, context: RetrieverContext): Promise<PassageIndex>
}

/** Keeps `capacity` indexes open, by corpus id and settings. Callers that come while one is opened wait for the same one. */
export function createIndexCache(capacity: number): IndexCache {
  const indexes = new Map<string, Promise<PassageIndex>>()
  return {
    get(corpus, settings, context) {
      const { count, format, maxCharacters, repeats, seen, ...deciding } = settings
      const key = JSON.stringify([context.host?.cacheDirectory, deciding, corpus.id])
      const known = indexes.get(key)
      const index = known ?? openIndex(corpus, settings, context)
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
