/**
 * What a batch may hold. A row takes as many slots as the longest beside it, so nobody knows beforehand how many go together:
 * a batch grows up to its bound, then its newest rows give way, and it is filled to less than the bound, so that it can grow.
 */
import { cachedRowBytes, type KeyValueCache, usedSlots } from "./key-value-cache.ts"
import type { TransformerConfig } from "./transformer-config.ts"

const filled = 7 / 8

/** Rows whose keys and values go into `maxBytes` where each has `slots`, beside what they share. */
function rowsThatFit(config: TransformerConfig, { prefixes = [] }: KeyValueCache, slots: number, maxBytes: number) {
  const shared = prefixes.reduce((sum, { length }) => sum + cachedRowBytes(config, length), 0)
  return Math.max(1, Math.floor((maxBytes - shared) / cachedRowBytes(config, Math.max(1, slots))))
}

/** Is it more than it may be, with so many rows? */
export const isOverfull = (config: TransformerConfig, cache: KeyValueCache, rows: number, maxBytes: number): boolean =>
  rows > rowsThatFit(config, cache, cache.slots, maxBytes)

/** Rows that it may be filled to; what its slots leave unused is counted out, as closing them is possible. At least one. */
export const rowsToFill = (config: TransformerConfig, cache: KeyValueCache, maxBytes: number): number =>
  rowsThatFit(config, cache, usedSlots(cache), filled * maxBytes)
