/** Retrievers by name, as the registry offers them. */
import type { Retriever } from "@swirl-ts/core"
import { openIndex } from "./open-index.ts"
import { readSearchOptions, type SearchOptions } from "./options.ts"

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
      openIndex(corpus, readSearchOptions(options, context.options, { retriever: name }), context),
  }
}
