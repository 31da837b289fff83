/**
 * Batches put together into one. Invariant: rows that share a beginning are neighbours, whichever batch they come from, so
 * the rows come in an order of their own.
 */
import { assemble, cloneLayers, gatherSlots, runsOf } from "./cache-layers.ts"
import { kernelsFor } from "./kernels.ts"
import { disposeBeginnings, type KeyValueCache, prefixOf, slotsOf, usedSlots } from "./key-value-cache.ts"
import { withoutRecent } from "./recent-slots.ts"
import type { TransformerConfig } from "./transformer-config.ts"

/** `order`: for each row, which one it was of all rows of all caches in turn. The old caches are used up. */
export function joinCaches(
  config: TransformerConfig,
  caches: readonly KeyValueCache[],
): { cache: KeyValueCache; order: number[] } {
  const packed = caches.map((cache) => withoutHoles(config, withoutRecent(cache)))
  const rows = packed.flatMap((cache) =>
    cache.lengths.map((length, row) => {
      return {
        layers: cache.layers,
        slots: cache.slots,
        row,
        length,
        valid: cache.valid[row]!,
        prefix: prefixOf(cache, row),
      }
    }),
  )
  const groups = Map.groupBy(rows.keys(), (index) => rows[index]!.prefix?.tokenIds)
  const order = [...groups.values()].flat()
  const placed = order.map((index) => rows[index]!)
  const slots = Math.max(...packed.map((cache) => cache.slots))
  let first = 0
  const prefixes = [...groups.values()].flatMap((members) => {
    const { prefix } = rows[members[0]!]!
    first += members.length
    if (prefix === undefined) return []
    return [{ ...prefix, layers: cloneLayers(prefix.layers), first: first - members.length, rows: members.length }]
  })
  const cache: KeyValueCache = {
    slots,
    prefixes,
    layers: assemble(
      config,
      runsOf(placed),
      slots,
      packed.map(({ layers }) => layers),
    ),
    valid: placed.map(({ valid }) => widen(valid, slots)),
    lengths: placed.map(({ length }) => length),
  }
  packed.forEach(disposeBeginnings)
  return { cache, order }
}

const widen = (valid: Uint8Array, slots: number): Uint8Array => {
  const wide = new Uint8Array(slots)
  wide.set(valid)
  return wide
}

/** Slots that all rows have more of than the fullest one needs, before closing the holes is worth a copy. */
const mostHoles = 64

/** The same cache where its slots are well used; else one in its place whose rows have theirs side by side. */
function withoutHoles(config: TransformerConfig, cache: KeyValueCache): KeyValueCache {
  if (kernelsFor(config) !== undefined) return cache
  const slots = usedSlots(cache)
  return slots === 0 || cache.slots < 1.5 * slots + mostHoles ? cache : closeHoles(config, cache)
}

/** A cache in the place of one, without slots that no row needs. Where kernels compute there are none but a few in reserve. */
export function closeHoles(config: TransformerConfig, old: KeyValueCache): KeyValueCache {
  if (kernelsFor(config) !== undefined) return old
  const cache = withoutRecent(old)
  const slots = usedSlots(cache)
  if (slots === 0 || slots === cache.slots) return cache
  const used = cache.valid.map(slotsOf)
  const layers = gatherSlots(cache.layers, used, slots)
  return {
    slots,
    prefixes: cache.prefixes,
    layers,
    valid: used.map((row) => new Uint8Array(slots).fill(1, 0, row.length)),
    lengths: cache.lengths,
  }
}
