/**
 * The key-value cache of a batch: for every layer, rotated keys and values in slots shared by all rows.
 * Invariant: a slot that is not valid for a row is masked for it; so ragged rows need no moving, only masks.
 */
import * as tf from "@tensorflow/tfjs-core"
import { assemble, type CacheLayer, cloneLayers, gatherRows, mapLayers, type Piece, runsOf } from "./cache-layers.ts"
import { kernelsFor } from "./kernels.ts"
import type { TransformerConfig } from "./transformer-config.ts"

/** What neighbouring rows begin with, held once: each uses as much of it as its length says. */
interface SharedPrefix {
  /** Of one row. */
  layers: readonly CacheLayer[]
  length: number
  first: number
  rows: number
}

export interface KeyValueCache {
  slots: number
  /** In the order of their rows. Not where kernels compute: those want every row whole. */
  prefixes?: readonly SharedPrefix[]
  layers: readonly CacheLayer[]
  /** One array a row: 1 where the slot holds a token of this row. */
  valid: readonly Uint8Array[]
  /** Tokens a row, which is also the position of its next one. */
  lengths: readonly number[]
}

/** Keys and values of one sequence with no holes: what a prefix cache keeps. */
export interface CachedRow {
  length: number
  layers: readonly CacheLayer[]
}

/** An empty cache for `rows` rows. */
function emptyCache(config: TransformerConfig, rows: number): KeyValueCache {
  return {
    slots: 0,
    layers: Array.from({ length: config.layers }, () => ({
      keys: tf.zeros([rows, config.keyValueHeads, config.headSize, 0]) as tf.Tensor4D,
      values: tf.zeros([rows, config.keyValueHeads, 0, config.headSize]) as tf.Tensor4D,
    })),
    valid: Array.from({ length: rows }, () => new Uint8Array(0)),
    lengths: new Array<number>(rows).fill(0),
  }
}

/** Rows picked by index, in that order; an index may come twice (a fork). The old cache is left alone. */
export function selectRows(config: TransformerConfig, cache: KeyValueCache, rows: readonly number[]): KeyValueCache {
  const prefixes = cache.prefixes?.flatMap((prefix) => {
    const members = rows.flatMap((row, at) => (row >= prefix.first && row < prefix.first + prefix.rows ? [at] : []))
    if (members.length === 0) return []
    return [{ ...prefix, layers: cloneLayers(prefix.layers), first: members[0]!, rows: members.length }]
  })
  return {
    slots: cache.slots,
    prefixes,
    // Copied run by run where kernels do it; tf.gather on wasm goes number by number and costs more than a decode step.
    layers:
      kernelsFor(config) === undefined
        ? gatherRows(cache.layers, rows)
        : assemble(config, runsOf(cache.layers, rows, cache.slots), cache.slots),
    valid: rows.map((row) => cache.valid[row]!),
    lengths: rows.map((row) => cache.lengths[row]!),
  }
}

/** Tokens of a shared prefix that a row uses: all of its tokens that lie in no slot of its own. */
export const sharedTokens = (cache: KeyValueCache, row: number): number =>
  cache.lengths[row]! - cache.valid[row]!.reduce((sum, flag) => sum + flag, 0)

/** Slots that no row uses any more are cut off at the front. Where kernels compute, slots are reused instead. */
export function dropUnusedSlots(config: TransformerConfig, cache: KeyValueCache): KeyValueCache {
  if (kernelsFor(config) !== undefined) return cache
  const firsts = cache.valid.map((flags) => flags.indexOf(1)).map((slot) => (slot < 0 ? cache.slots : slot))
  const unused = Math.min(...firsts)
  if (unused === 0 || unused >= cache.slots) return cache
  const slots = cache.slots - unused
  const layers = mapLayers(cache.layers, ({ keys, values }) => {
    const [rows, groups, size] = keys.shape
    return {
      keys: tf.slice(keys, [0, 0, 0, unused], [rows, groups, size, slots]),
      values: tf.slice(values, [0, 0, unused, 0], [rows, groups, slots, size]),
    }
  })
  for (const { keys, values } of cache.layers) tf.dispose([keys, values])
  return { ...cache, slots, layers, valid: cache.valid.map((flags) => flags.slice(unused)) }
}

const widen = (valid: Uint8Array, slots: number): Uint8Array => {
  const wide = new Uint8Array(slots)
  wide.set(valid)
  return wide
}

/** All rows of all caches, one after another. The old caches are left alone. */
export function joinCaches(config: TransformerConfig, caches: readonly KeyValueCache[]): KeyValueCache {
  const slots = Math.max(...caches.map((cache) => cache.slots))
  const pieces = caches.map((cache) => ({
    layers: cache.layers,
    first: 0,
    rows: cache.lengths.length,
    slots: cache.slots,
  }))
  let before = 0
  const prefixes = caches.flatMap((cache) => {
    const moved = cache.prefixes?.map((prefix) => ({
      ...prefix,
      layers: cloneLayers(prefix.layers),
      first: prefix.first + before,
    }))
    before += cache.lengths.length
    return moved ?? []
  })
  return {
    slots,
    prefixes,
    layers: assemble(config, pieces, slots),
    valid: caches.flatMap((cache) => cache.valid.map((valid) => widen(valid, slots))),
    lengths: caches.flatMap((cache) => cache.lengths),
  }
}

/** One row without its holes, and with what it shares. */
export function takeRow(config: TransformerConfig, cache: KeyValueCache, row: number): CachedRow {
  const tail = takeSlots(config, cache, row)
  const prefix = cache.prefixes?.find(({ first, rows }) => row >= first && row < first + rows)
  if (prefix === undefined) return tail
  const shared = sharedTokens(cache, row)
  const layers = mapLayers(tail.layers, ({ keys, values }, index) => {
    const [, groups, size] = keys.shape
    const before = prefix.layers[index]!
    return {
      keys: tf.concat([tf.slice(before.keys, [0, 0, 0, 0], [1, groups, size, shared]), keys], 3),
      values: tf.concat([tf.slice(before.values, [0, 0, 0, 0], [1, groups, shared, size]), values], 2),
    }
  })
  disposeCache(tail)
  return { length: shared + tail.length, layers }
}

function takeSlots(config: TransformerConfig, cache: KeyValueCache, row: number): CachedRow {
  const flags = cache.valid[row]!
  const slots = [...flags.keys()].filter((slot) => flags[slot] === 1)
  const length = slots.length
  const dense = slots.every((slot, i) => slot === i)
  const piece: Piece = { layers: cache.layers, first: row, rows: 1, slots: dense ? length : cache.slots }
  const layers = assemble(config, [piece], piece.slots)
  if (dense) return { length, layers }
  const index = tf.tensor1d(slots, "int32")
  const closed = mapLayers(layers, ({ keys, values }) => ({
    keys: tf.gather(keys, index, 3),
    values: tf.gather(values, index, 2),
  }))
  for (const { keys, values } of layers) tf.dispose([keys, values])
  index.dispose()
  return { length, layers: closed }
}

/** A cache whose rows begin with the first `length` tokens of cached sequences; a length of 0 begins empty. */
export function cacheFromRows(
  config: TransformerConfig,
  rows: readonly { row?: CachedRow; length: number }[],
): KeyValueCache {
  if (rows.every(({ length }) => length === 0)) return emptyCache(config, rows.length)
  const slots = Math.max(...rows.map(({ length }) => length))
  const pieces = rows.map(({ row, length }): Piece => ({ layers: row?.layers, first: 0, rows: 1, slots: length }))
  return {
    slots,
    layers: assemble(config, pieces, slots),
    valid: rows.map(({ length }) => new Uint8Array(slots).fill(1, 0, length)),
    lengths: rows.map(({ length }) => length),
  }
}

export const cachedRowBytes = (config: TransformerConfig, length: number): number =>
  2 * 4 * config.layers * config.keyValueHeads * config.headSize * length

/** Frees the tensors of a cache or a cached row. */
export function disposeCache(cache: KeyValueCache | CachedRow): void {
  if ("prefixes" in cache) for (const prefix of cache.prefixes ?? []) disposeCache({ length: 0, layers: prefix.layers })
  for (const { keys, values } of cache.layers) tf.dispose([keys, values])
}
