/**
 * The indexes that are open: equal requests share one. The longest unused beyond the capacity is closed when no search
 * runs on it; whoever still holds it opens it again by searching, so none is used closed or left open.
 */
import type { PassageIndex } from "../contracts/retriever.ts"
import { SwirlError } from "../errors.ts"

interface Stoppable {
  abortSignal?: AbortSignal
}

export interface IndexRequest extends Stoppable {
  /** Equal keys mean equal indexes. */
  key: string
  /** Called again where the index was closed and is needed once more. */
  open(options: Stoppable): PassageIndex | Promise<PassageIndex>
}

export interface OpenIndexes {
  /** Callers that come while an index is opened wait for the same one. */
  get(request: IndexRequest): Promise<PassageIndex>
  /** Closes all of them, those in use when their searches end. None is opened any more. */
  close(): Promise<void>
}

interface Entry {
  opening: Promise<PassageIndex>
  /** Of who began to open it. */
  abortSignal: AbortSignal | undefined
  /** Calls that use it at this moment. */
  users: number
  forgotten: boolean
}

export function createOpenIndexes(capacity: number): OpenIndexes {
  const entries = new Map<string, Entry>()
  const closing = new Set<Promise<void>>()
  let closed = false

  function entryOf({ key, open, abortSignal }: IndexRequest): Entry {
    if (closed) throw new SwirlError("This search index was closed with the command that opened it.")
    const known = entries.get(key)
    const entry = known ?? {
      opening: (async () => open({ abortSignal }))(),
      abortSignal,
      users: 0,
      forgotten: false,
    }
    if (known) entries.delete(key)
    // A corpus that could not be read is read again next time.
    else {
      entry.opening.catch(() => {
        if (entries.get(key) === entry) entries.delete(key)
      })
    }
    entries.set(key, entry)
    if (entries.size > capacity) forget(entries.keys().next().value!)
    return entry
  }

  function forget(key: string): void {
    const entry = entries.get(key)!
    entries.delete(key)
    entry.forgotten = true
    closeUnused(entry)
  }

  function closeUnused({ opening, users, forgotten }: Entry): void {
    if (!forgotten || users > 0) return
    // What could not be opened, or closed, was said to the caller or is of no use to anybody.
    const ending = opening
      .then((index) => index.close?.())
      .catch(() => undefined)
      .finally(() => closing.delete(ending))
    closing.add(ending)
  }

  /** What `work` makes of the open index, which is not closed before that is done. */
  async function use<T>(request: IndexRequest, work: (index: PassageIndex) => T | Promise<T>): Promise<T> {
    for (;;) {
      const entry = entryOf(request)
      entry.users++
      try {
        const index = await entry.opening.catch((error) => {
          // Another caller, who began to open it, gave up: this one begins again.
          if (entry.abortSignal?.aborted && !request.abortSignal?.aborted) return undefined
          throw error
        })
        if (index) return await work(index)
      } finally {
        entry.users--
        closeUnused(entry)
      }
    }
  }

  /** What callers hold: its `search` opens the index again where it was closed. */
  const handles = new WeakMap<PassageIndex, PassageIndex>()
  function handleOf(index: PassageIndex, { key, open }: IndexRequest): PassageIndex {
    // What is all in memory stays with whoever holds it.
    if (!index.close) return index
    const { size, description, skipped } = index
    const search: PassageIndex["search"] = (query, count, options) =>
      use({ key, open, abortSignal: options?.abortSignal }, (found) => found.search(query, count, options))
    const handle = handles.get(index) ?? { size, description, skipped, search }
    handles.set(index, handle)
    return handle
  }

  return {
    get: (request) => use(request, (index) => handleOf(index, request)),
    async close() {
      closed = true
      for (const key of [...entries.keys()]) forget(key)
      await Promise.all(closing)
    },
  }
}
