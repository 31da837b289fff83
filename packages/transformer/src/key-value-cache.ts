/**
 * The key-value cache of a batch: for every layer, rotated keys and values in slots shared by all rows.
 * Invariant: a slot that is not valid for a row is masked for it; so ragged rows need no moving, only masks.
 */
import * as tf from "@tensorflow/tfjs-core"
import {
  assemble,
  type CacheLayer,
  cloneLayers,
  gatherRows,
  type Piece,
  replaceLayers,
  runsOf,
} from "./cache-layers.ts"
import { kernelsFor } from "./kernels.ts"
import { layerOfRow, partsOf, withoutRecent } from "./recent-slots.ts"
import type { TransformerConfig } from "./transformer-config.ts"

/** What several rows begin with, held once. Two that have the same `tokenIds` object are one. */
export interface Beginning {
  tokenIds: readonly number[]
  /** Of one row. */
  layers: readonly CacheLayer[]
}

/** A beginning of neighbouring rows: each uses as much of it as its length says. */
export interface SharedPrefix extends Beginning {
  length: number
  first: number
  rows: number
}

export interface KeyValueCache {
  slots: number
  /** In the order of their rows. Not where kernels compute: those want every row whole. */
  prefixes?: readonly SharedPrefix[]
  /** All slots but the recent ones. */
  layers: readonly CacheLayer[]
  /** The newest slots, where attention is plain operations: a step copies these. */
  recent?: { slots: number; layers: readonly CacheLayer[] }
  /** One array a row: 1 where the slot holds a token of this row. */
  valid: readonly Uint8Array[]
  /** Tokens a row, which is also the position of its next one. */
  lengths: readonly number[]
}

/** A layer outside of TensorFlow.js. */
export type StoredLayer = Record<"keys" | "values", { numbers: Float32Array; shape: [number, number, number, number] }>

/** Keys and values of one sequence with no holes: what a prefix cache keeps. */
export interface CachedRow {
  length: number
  /** Of its last tokens, where it has a beginning that others share; else of all. */
  layers: readonly CacheLayer[]
  /** In place of `layers`, where it is kept as arrays. */
  stored?: readonly StoredLayer[]
  behind?: Beginning & { length: number }
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

/** Rows picked by index, in that order; an index may come twice (a fork). The old cache is used up. */
export function selectRows(config: TransformerConfig, cache: KeyValueCache, rows: readonly number[]): KeyValueCache {
  const prefixes = cache.prefixes?.flatMap((prefix) => {
    const members = rows.flatMap((row, at) => (row >= prefix.first && row < prefix.first + prefix.rows ? [at] : []))
    if (members.length === 0) return []
    return [{ ...prefix, layers: cloneLayers(prefix.layers), first: members[0]!, rows: members.length }]
  })
  disposeBeginnings(cache)
  const { layers: old, recent, slots } = cache
  return {
    slots,
    prefixes,
    // Copied run by run where kernels do it; tf.gather on wasm goes number by number and costs more than a decode step.
    layers:
      kernelsFor(config) === undefined
        ? gatherRows(old, rows)
        : assemble(config, runsOf(rows.map((row) => ({ layers: old, row, slots }))), slots, [old]),
    recent: recent && { ...recent, layers: gatherRows(recent.layers, rows) },
    valid: rows.map((row) => cache.valid[row]!),
    lengths: rows.map((row) => cache.lengths[row]!),
  }
}

/** What row `row` shares, if anything. */
export const prefixOf = (cache: KeyValueCache, row: number): SharedPrefix | undefined =>
  cache.prefixes?.find(({ first, rows }) => row >= first && row < first + rows)

/** Tokens of a shared prefix that a row uses: all of its tokens that lie in no slot of its own. */
export const sharedTokens = (cache: KeyValueCache, row: number): number =>
  cache.lengths[row]! - cache.valid[row]!.reduce((sum, flag) => sum + flag, 0)

/** Slots that no row uses any more are cut off at the front; the old cache is used up. Where kernels compute, slots are reused instead. */
export function dropUnusedSlots(config: TransformerConfig, cache: KeyValueCache): KeyValueCache {
  if (kernelsFor(config) !== undefined) return cache
  const firsts = cache.valid.map((flags) => flags.indexOf(1)).map((slot) => (slot < 0 ? cache.slots : slot))
  const unused = Math.min(...firsts)
  if (unused === 0 || unused >= cache.slots) return cache
  const slots = cache.slots - unused
  const whole = withoutRecent(cache)
  const layers = replaceLayers(whole.layers, ({ keys, values }) => {
    const [rows, groups, size] = keys.shape
    return {
      keys: tf.slice(keys, [0, 0, 0, unused], [rows, groups, size, slots]),
      values: tf.slice(values, [0, 0, unused, 0], [rows, groups, slots, size]),
    }
  })
  return { ...whole, slots, layers, valid: cache.valid.map((flags) => flags.slice(unused)) }
}

/** One row without its holes; what it shares stays shared. */
export function takeRow(config: TransformerConfig, cache: KeyValueCache, row: number): CachedRow {
  const tail = takeSlots(config, cache, row)
  const prefix = prefixOf(cache, row)
  if (prefix === undefined) return tail
  const shared = sharedTokens(cache, row)
  const behind = { tokenIds: prefix.tokenIds, layers: cloneLayers(prefix.layers), length: shared }
  return { ...tail, length: shared + tail.length, behind }
}

/** Slots that its fullest row needs. */
export const usedSlots = ({ prefixes = [], lengths, valid }: KeyValueCache): number =>
  Math.max(...(prefixes.length === 0 ? lengths : valid.map((flags) => flags.reduce((sum, flag) => sum + flag, 0))))

/** The slots that hold a token of a row, by its flags. */
export const slotsOf = (valid: Uint8Array): number[] => [...valid.keys()].filter((slot) => valid[slot] === 1)

function takeSlots(config: TransformerConfig, cache: KeyValueCache, row: number): CachedRow {
  const slots = slotsOf(cache.valid[row]!)
  const length = slots.length
  if (cache.recent === undefined && slots.every((slot, i) => slot === i)) {
    const piece: Piece = { layers: cache.layers, first: row, rows: 1, slots: length }
    return { length, layers: assemble(config, [piece], length) }
  }
  const index = tf.tensor1d(slots, "int32")
  const layers = cache.layers.map((_, layer) =>
    tf.tidy((): CacheLayer => {
      const { keys, values } = layerOfRow(partsOf(cache, layer), row)
      return { keys: tf.gather(keys, index, 3), values: tf.gather(values, index, 2) }
    }),
  )
  index.dispose()
  return { length, layers }
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
  const recent = "recent" in cache ? cache.recent : undefined
  for (const layer of [...cache.layers, ...(recent?.layers ?? [])]) tf.dispose(layer)
  disposeBeginnings(cache)
}

/** Frees what its rows share, where nothing else holds it. */
export function disposeBeginnings(cache: KeyValueCache | CachedRow): void {
  const shared = "lengths" in cache ? (cache.prefixes ?? []) : cache.behind ? [cache.behind] : []
  for (const layer of shared.flatMap(({ layers }) => layers)) tf.dispose(layer)
}
