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
  /** Of its own tokens; what it shares is counted once for all entries. */
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
  /** Entries by what they share. */
  const shared = new Map<readonly number[], number>()
  const bytesOf = ({ behind }: CachedRow): number =>
    behind === undefined ? 0 : cachedRowBytes(config, behind.tokenIds.length)
  const drop = ({ row, bytes: own }: Entry): void => {
    bytes -= own
    const { behind } = row
    if (behind !== undefined) {
      const left = shared.get(behind.tokenIds)! - 1
      if (left > 0) shared.set(behind.tokenIds, left)
      else {
        shared.delete(behind.tokenIds)
        bytes -= bytesOf(row)
      }
    }
    disposeCache(row)
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
      const { behind } = row
      const own = cachedRowBytes(config, row.length - (behind?.length ?? 0))
      const covered = (entry: Entry): boolean =>
        commonPrefix(entry.tokenIds, tokenIds, tokenIds.length) === tokenIds.length
      if (row.length !== tokenIds.length)
        throw new Error(`A cached row of ${row.length} tokens was given ${tokenIds.length} token ids.`)
      if (own + bytesOf(row) > maxBytes || entries.some(covered)) return disposeCache(row)
      entries = entries.filter((entry) => {
        const begins = commonPrefix(entry.tokenIds, tokenIds, entry.tokenIds.length) === entry.tokenIds.length
        if (begins) drop(entry)
        return !begins
      })
      const more = (): number => own + (behind && !shared.has(behind.tokenIds) ? bytesOf(row) : 0)
      while (bytes + more() > maxBytes) drop(entries.shift()!)
      bytes += more()
      if (behind) shared.set(behind.tokenIds, (shared.get(behind.tokenIds) ?? 0) + 1)
      entries.push({ tokenIds: Int32Array.from(tokenIds), row, bytes: own })
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
