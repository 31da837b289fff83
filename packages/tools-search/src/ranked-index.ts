/** Words, vectors, or both as one PassageIndex: ranks come from the parts, passages from the one that stores them. */
import type { Embedder, PassageIndex } from "@swirl-ts/core"
import { embedTexts } from "./embed-corpus.ts"
import { fuse } from "./fusion.ts"
import type { Hit, PassageStore, VectorIndex, WordIndex } from "./hits.ts"
import type { SearchSettings } from "./options.ts"

/** Hits of each ranking that fusion looks at, at least. */
const leastDepth = 100

export interface Parts {
  store: PassageStore
  words: WordIndex
  vectors: VectorIndex | undefined
  embedder: Embedder | undefined
  settings: Pick<SearchSettings, "mode" | "textWeight" | "vectorWeight" | "rankConstant">
}

export function rankedIndex({ store, words, vectors, embedder, settings }: Parts): PassageIndex {
  const { mode, textWeight, vectorWeight, rankConstant } = settings
  const nearest = async (query: string, count: number, abortSignal?: AbortSignal): Promise<Hit[]> => {
    const [vector] = await embedTexts(embedder!, [query], "query", abortSignal)
    return vectors!.nearest(vector!, count)
  }
  const rank = async (query: string, count: number, abortSignal?: AbortSignal): Promise<Hit[]> => {
    if (mode === "text") return words.rank(query, count)
    if (mode === "vector") return nearest(query, count, abortSignal)
    const depth = Math.max(leastDepth, 2 * count)
    return fuse(
      [
        { hits: await words.rank(query, depth), weight: textWeight },
        { hits: await nearest(query, depth, abortSignal), weight: vectorWeight },
      ],
      count,
      rankConstant,
    )
  }
  const parts = [...(mode === "vector" ? [] : [words.description]), ...(vectors ? [vectors.description] : [])]
  const closing = [...new Set([store, vectors])].filter((part) => part?.close)
  return {
    size: store.size,
    description: [...new Set(parts)].join(" + "),
    skipped: store.skipped,
    async search(query, count, options) {
      const hits = await rank(query, count, options?.abortSignal)
      const passages = await store.passages(hits.map(({ index }) => index))
      return hits.map((hit, i) => ({ ...passages[i]!, ...hit }))
    },
    ...(closing.length > 0
      ? {
          async close() {
            for (const part of closing) await part?.close?.()
          },
        }
      : {}),
  }
}
