/** A Retriever ranks the passages of a corpus for a query; the search tool puts its first ones into the conversation. */
import type { Corpus, Passage, Skipped } from "./corpus.ts"
import type { Embedder } from "./embedder.ts"
import type { Host } from "./model.ts"

export interface RankedPassage extends Passage {
  /** Position in the corpus. */
  index: number
  score: number
}

export interface PassageIndex {
  size: number
  /** What answers and from where, for people: `BM25 in memory, 100 passages`. */
  description?: string
  /** What the corpus left out when it was read for this index; a stored index remembers it. */
  skipped?: Skipped
  /** Best first; equal scores in corpus order. Empty when nothing matches. */
  search(
    query: string,
    count: number,
    options?: { abortSignal?: AbortSignal },
  ): RankedPassage[] | Promise<RankedPassage[]>
  /** Called once, when no search runs. An index without it is taken to be all in memory, and may be kept. */
  close?(): void | Promise<void>
}

/** What opening an index may use; without a host nothing is stored, without an opener there are no vectors. */
export interface RetrieverContext {
  /** Indexes are stored below its `cacheDirectory`. */
  host?: Host
  /** Opens `provider:name`; equal names give the same embedder. */
  openEmbedder?(name: string): Promise<Embedder>
  /** The retriever's own options, checked by it. */
  options?: Readonly<Record<string, unknown>>
  /** `total` is left out where nobody knows it. */
  onProgress?(progress: { stage: string; done: number; total?: number }): void
  abortSignal?: AbortSignal
}

export interface Retriever {
  description: string
  /** Builds the index of a corpus, or opens the one that was stored under the same content and settings. */
  open(corpus: Corpus, context?: RetrieverContext): PassageIndex | Promise<PassageIndex>
}

/** What tools may ask of the house, by name; made by `toolServices`. */
export interface ToolServices {
  host: Host
  /** Opens `provider:name`, e.g. `openai:text-embedding-3-small`. */
  openEmbedder(name: string): Promise<Embedder>
  /** Opens an index by a retriever's name; the host and the embedders are added to the context. */
  openRetriever(name: string, corpus: Corpus, context?: RetrieverContext): Promise<PassageIndex>
}
