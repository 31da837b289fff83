/** The indexes that one search tool holds open: equal corpora and settings share one. */
import { type Corpus, createOpenIndexes, type PassageIndex, type RetrieverContext } from "@swirl-ts/core"
import { openIndex } from "./open-index.ts"
import { rankingSettings, type SearchSettings } from "./options.ts"

export interface IndexCache {
  /** `house`: who closes the context's embedders; an index with vectors is of no use once they are closed. */
  get(corpus: Corpus, settings: SearchSettings, context: RetrieverContext, house?: object): Promise<PassageIndex>
}

/** Keeps `capacity` indexes open. */
export function createIndexCache(capacity: number): IndexCache {
  const indexes = createOpenIndexes(capacity)
  const houses = new WeakMap<object, number>()
  let last = 0
  return {
    get(corpus, settings, { abortSignal, ...services }, house) {
      const deciding = rankingSettings(settings)
      if (house && !houses.has(house)) houses.set(house, ++last)
      const embedders = house && settings.mode !== "text" ? houses.get(house) : undefined
      return indexes.get({
        key: JSON.stringify([services.host?.cacheDirectory, deciding, corpus.id, embedders]),
        open: (stoppable) => openIndex(corpus, settings, { ...services, ...stoppable }),
        abortSignal,
      })
    },
  }
}
