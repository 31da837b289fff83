/**
 * What a batch may hold. A row takes as many slots as the longest beside it, so nobody knows beforehand how many go together:
 * a batch grows up to its bound, then its newest rows give way, and it is filled to less than the bound, so that it can grow.
 */
import { closest } from "./beginnings.ts"
import { commonPrefix } from "./common-prefix.ts"
import { cachedRowBytes, type KeyValueCache, usedSlots } from "./key-value-cache.ts"
import type { TransformerConfig } from "./transformer-config.ts"

const filled = 7 / 8

interface Room {
  config: TransformerConfig
  maxRows: number
  maxBytes: number
}

/** Rows whose keys and values go into `maxBytes` where each has `slots`, beside what they share. */
function rowsThatFit(
  config: TransformerConfig,
  { prefixes = [] }: Pick<KeyValueCache, "prefixes">,
  slots: number,
  maxBytes: number,
): number {
  const shared = prefixes.reduce((sum, { length }) => sum + cachedRowBytes(config, length), 0)
  return Math.max(1, Math.floor((maxBytes - shared) / cachedRowBytes(config, Math.max(1, slots))))
}

/** Is it more than it may be, with so many rows? */
export const isOverfull = (config: TransformerConfig, cache: KeyValueCache, rows: number, maxBytes: number): boolean =>
  rows > rowsThatFit(config, cache, cache.slots, maxBytes)

/** Rows that it may be filled to; what its slots leave unused is counted out, as closing them is possible. At least one. */
export const rowsToFill = (config: TransformerConfig, cache: KeyValueCache, maxBytes: number): number =>
  rowsThatFit(config, cache, usedSlots(cache), filled * maxBytes)

/**
 * How many of those that wait may join a batch of `rows`, in their order: beside a long one every row takes as many slots, so
 * it waits until fewer are left. At least one where the batch is empty.
 */
export function rowsToJoin(
  { config, maxRows, maxBytes }: Room,
  { cache, rows }: { cache?: KeyValueCache; rows: number },
  waiting: readonly { begins: readonly number[] }[],
): number {
  const standing = cache?.prefixes ?? []
  let slots = cache === undefined ? 0 : usedSlots(cache)
  let joining = 0
  for (const { begins } of waiting) {
    const shared = closest(begins, standing)
    const own = begins.length - (shared === undefined ? 0 : commonPrefix(shared.tokenIds, begins))
    slots = Math.max(slots, own)
    const most = Math.min(maxRows, rowsThatFit(config, { prefixes: standing }, slots, filled * maxBytes))
    if (rows + joining >= most && rows + joining > 0) break
    joining++
  }
  return joining
}
