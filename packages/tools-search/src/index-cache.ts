/**
 * The indexes that are open: equal corpora and settings share one. The longest unused beyond the capacity is closed when
 * no search runs on it; a tool that still holds it opens it again by searching, so none is used closed or left open.
 */
import type { Corpus, PassageIndex, RetrieverContext } from "@swirl-ts/core"
import { openIndex } from "./open-index.ts"
import type { SearchSettings } from "./options.ts"

export interface IndexCache {
  get(corpus: Corpus, settings: SearchSettings, context: RetrieverContext): Promise<PassageIndex>
}

interface Entry {
  opening: Promise<PassageIndex>
  /** Of who began to open it. */
  abortSignal: AbortSignal | undefined
  /** Calls that use it at this moment. */
  users: number
  evicted: boolean
}

/** Keeps `capacity` indexes open, by corpus id and settings. Callers that come while one is opened wait for the same one. */
export function createIndexCache(capacity: number): IndexCache {
  const entries = new Map<string, Entry>()

  function entryOf(corpus: Corpus, settings: SearchSettings, context: RetrieverContext): Entry {
    const { count, format, maxCharacters, repeats, seen, ...deciding } = settings
    const key = JSON.stringify([context.host?.cacheDirectory, deciding, corpus.id])
    const known = entries.get(key)
    const entry = known ?? {
      opening: openIndex(corpus, settings, context),
      abortSignal: context.abortSignal,
      users: 0,
      evicted: false,
    }
    if (known) entries.delete(key)
    // A corpus that could not be read is read again next time.
    else {
      entry.opening.catch(() => {
        if (entries.get(key) === entry) entries.delete(key)
      })
    }
    entries.set(key, entry)
    if (entries.size > capacity) {
      const [oldest, unused] = entries.entries().next().value!
      entries.delete(oldest)
      unused.evicted = true
      void closeUnused(unused)
    }
    return entry
  }

  /** What `work` makes of the open index, which is not closed before that is done. */
  async function use<T>(
    corpus: Corpus,
    settings: SearchSettings,
    context: RetrieverContext,
    work: (index: PassageIndex) => T | Promise<T>,
  ): Promise<T> {
    for (;;) {
      const entry = entryOf(corpus, settings, context)
      entry.users++
      try {
        const index = await entry.opening.catch((error) => {
          // Another caller, who began to open it, gave up: this one begins again.
          if (entry.abortSignal?.aborted && !context.abortSignal?.aborted) return undefined
          throw error
        })
        if (index) return await work(index)
      } finally {
        entry.users--
        await closeUnused(entry)
      }
    }
  }

  return {
    get: (corpus, settings, context) =>
      use(corpus, settings, context, (index) => {
        // What is all in memory stays with whoever holds it.
        if (!index.close) return index
        const { size, description, skipped } = index
        const { abortSignal: _ofBinding, ...services } = context
        return {
          size,
          description,
          skipped,
          search: (query, count, options) =>
            use(corpus, settings, { ...services, ...options }, (open) => open.search(query, count, options)),
        }
      }),
  }
}

async function closeUnused({ opening, users, evicted }: Entry): Promise<void> {
  if (!evicted || users > 0) return
  // What could not be opened, or closed, was said to the caller or is of no use to anybody.
  await opening.then((index) => index.close?.()).catch(() => undefined)
}
