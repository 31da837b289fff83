/** Words, vectors, or both as one PassageIndex: ranks come from the parts, passages from the text index. */
import type { Embedder, PassageIndex } from "@swirl-ts/core"
import { embedTexts } from "./embed-corpus.ts"
import { fuse } from "./fusion.ts"
import type { Hit, TextIndex, VectorIndex } from "./hits.ts"
import type { LanceIndex } from "./lancedb.ts"
import type { SearchSettings } from "./options.ts"

/** Hits of each ranking that fusion looks at, at least. */
const leastDepth = 100

export interface Parts {
  text: TextIndex
  /** Answers words in place of `text`. */
  lance: LanceIndex | undefined
  vectors: VectorIndex | undefined
  embedder: Embedder | undefined
  settings: Pick<SearchSettings, "mode" | "textWeight" | "vectorWeight" | "rankConstant">
}

export function rankedIndex({ text, lance, vectors, embedder, settings }: Parts): PassageIndex {
  const { mode, textWeight, vectorWeight, rankConstant } = settings
  const words = lance ?? text
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
  return {
    size: text.size,
    description: [...new Set(parts)].join(" + "),
    ...(text.skipped ? { skipped: text.skipped } : {}),
    async search(query, count, options) {
      const hits = await rank(query, count, options?.abortSignal)
      return Promise.all(hits.map(async (hit) => ({ ...(await text.passage(hit.index)), ...hit })))
    },
    async close() {
      await text.close?.()
      await vectors?.close?.()
      if (lance && lance !== vectors) await lance.close?.()
    },
  }
}
