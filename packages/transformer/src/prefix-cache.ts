/**
 * Keys and values of sequences already computed, found again by their longest common beginning.
 * Invariant: at most `maxBytes` are held; the least recently used entry goes first. Entries belong to one state of the weights.
 */
import { commonPrefix } from "./common-prefix.ts"
import { type CachedRow, cachedRowBytes, disposeCache } from "./key-value-cache.ts"
import type { TransformerConfig } from "./transformer-config.ts"

interface Entry {
  tokenIds: Int32Array
  row: CachedRow
  bytes: number
}

export interface PrefixCache {
  /** The entry that shares most with `tokenIds`, and how many tokens; at most all but the last, which must be fed to get logits. */
  find(tokenIds: readonly number[]): { row: CachedRow; length: number } | undefined
  /** Keeps a row, which the cache owns from then on. Entries that are a beginning of it go. */
  add(tokenIds: readonly number[], row: CachedRow): void
  /** Forgets everything: needed whenever the weights change. */
  clear(): void
  readonly bytes: number
  readonly entries: number
  readonly hits: number
  readonly misses: number
}

/** An empty cache for a model of this shape. Default bound: 256 MiB. */
export function createPrefixCache(config: TransformerConfig, options: { maxBytes?: number } = {}): PrefixCache {
  const maxBytes = options.maxBytes ?? 256 * 2 ** 20
  /** Least recently used first. */
  let entries: Entry[] = []
  let bytes = 0
  const counts = { hits: 0, misses: 0 }
  const drop = (entry: Entry): void => {
    disposeCache(entry.row)
    bytes -= entry.bytes
  }
  return {
    find(tokenIds) {
      let best: Entry | undefined
      let length = 0
      for (const entry of entries) {
        const shared = commonPrefix(entry.tokenIds, tokenIds, tokenIds.length - 1)
        if (shared > length) [best, length] = [entry, shared]
      }
      if (best === undefined) {
        counts.misses++
        return undefined
      }
      counts.hits++
      entries.splice(entries.indexOf(best), 1)
      entries.push(best)
      return { row: best.row, length }
    },
    add(tokenIds, row) {
      const size = cachedRowBytes(config, row.length)
      const covered = (entry: Entry): boolean =>
        commonPrefix(entry.tokenIds, tokenIds, tokenIds.length) === tokenIds.length
      if (row.length !== tokenIds.length)
        throw new Error(`A cached row of ${row.length} tokens was given ${tokenIds.length} token ids.`)
      if (size > maxBytes || entries.some(covered)) return disposeCache(row)
      entries = entries.filter((entry) => {
        const begins = commonPrefix(entry.tokenIds, tokenIds, entry.tokenIds.length) === entry.tokenIds.length
        if (begins) drop(entry)
        return !begins
      })
      while (bytes + size > maxBytes) drop(entries.shift()!)
      entries.push({ tokenIds: Int32Array.from(tokenIds), row, bytes: size })
      bytes += size
    },
    clear() {
      for (const entry of entries) drop(entry)
      entries = []
    },
    get bytes() {
      return bytes
    },
    get entries() {
      return entries.length
    },
    get hits() {
      return counts.hits
    },
    get misses() {
      return counts.misses
    },
  }
}
