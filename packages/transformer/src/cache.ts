// The key-value cache of a batch: for every layer, rotated keys and values in slots shared by all rows.
// Invariant: a slot that is not valid for a row is masked for it; so ragged rows need no moving, only masks.

import * as tf from "@tensorflow/tfjs-core"
import type { TransformerConfig } from "./config.ts"

/** keys [rows, kvHeads, headSize, slots] (flipped, ready to be multiplied), values [rows, kvHeads, slots, headSize]. */
export type CacheLayer = { readonly keys: tf.Tensor4D; readonly values: tf.Tensor4D }

export type KeyValueCache = {
  readonly slots: number
  readonly layers: readonly CacheLayer[]
  /** One array a row: 1 where the slot holds a token of this row. */
  readonly valid: readonly Uint8Array[]
  /** Tokens a row, which is also the position of its next one. */
  readonly lengths: readonly number[]
}

/** Keys and values of one sequence with no holes: what a prefix cache keeps. */
export type CachedRow = { readonly length: number; readonly layers: readonly CacheLayer[] }

/** An empty cache for `rows` rows. */
export function emptyCache(config: TransformerConfig, rows: number): KeyValueCache {
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

const mapLayers = (
  layers: readonly CacheLayer[],
  change: (layer: CacheLayer, index: number) => CacheLayer,
): CacheLayer[] => layers.map((layer, index) => tf.tidy(() => change(layer, index)))

/** Rows picked by index, in that order; an index may come twice (a fork). The old cache is left alone. */
export function selectRows(cache: KeyValueCache, rows: readonly number[]): KeyValueCache {
  const index = tf.tensor1d(rows as number[], "int32")
  const layers = mapLayers(cache.layers, ({ keys, values }) => ({
    keys: tf.gather(keys, index),
    values: tf.gather(values, index),
  }))
  index.dispose()
  return {
    slots: cache.slots,
    layers,
    valid: rows.map((row) => cache.valid[row]!),
    lengths: rows.map((row) => cache.lengths[row]!),
  }
}

const widen = (valid: Uint8Array, slots: number): Uint8Array => {
  const wide = new Uint8Array(slots)
  wide.set(valid)
  return wide
}

const padSlots = ({ keys, values }: CacheLayer, slots: number): CacheLayer => {
  const missing = slots - keys.shape[3]
  if (missing === 0) return { keys, values }
  const none: [number, number] = [0, 0]
  return {
    keys: tf.pad(keys, [none, none, none, [0, missing]]),
    values: tf.pad(values, [none, none, [0, missing], none]),
  }
}

/** All rows of all caches, one after another. The old caches are left alone. */
export function joinCaches(caches: readonly KeyValueCache[]): KeyValueCache {
  const slots = Math.max(...caches.map((cache) => cache.slots))
  const layers = mapLayers(caches[0]!.layers, (_, index) => {
    const padded = caches.map((cache) => padSlots(cache.layers[index]!, slots))
    return {
      keys: tf.concat(
        padded.map(({ keys }) => keys),
        0,
      ),
      values: tf.concat(
        padded.map(({ values }) => values),
        0,
      ),
    }
  })
  return {
    slots,
    layers,
    valid: caches.flatMap((cache) => cache.valid.map((valid) => widen(valid, slots))),
    lengths: caches.flatMap((cache) => cache.lengths),
  }
}

/** One row without its holes, cut to `length` tokens. */
export function takeRow(cache: KeyValueCache, row: number): CachedRow {
  const slots = [...cache.valid[row]!.keys()].filter((slot) => cache.valid[row]![slot] === 1)
  const dense = slots.every((slot, i) => slot === i)
  const index = dense ? undefined : tf.tensor1d(slots, "int32")
  const length = slots.length
  const layers = mapLayers(cache.layers, ({ keys, values }) => {
    const [, heads, size] = keys.shape
    if (index === undefined)
      return {
        keys: tf.slice(keys, [row, 0, 0, 0], [1, heads, size, length]),
        values: tf.slice(values, [row, 0, 0, 0], [1, heads, length, size]),
      }
    return {
      keys: tf.gather(tf.slice(keys, [row, 0, 0, 0], [1, heads, size, cache.slots]), index, 3),
      values: tf.gather(tf.slice(values, [row, 0, 0, 0], [1, heads, cache.slots, size]), index, 2),
    }
  })
  index?.dispose()
  return { length, layers }
}

/** A cache whose rows begin with the first `length` tokens of cached sequences; a length of 0 begins empty. */
export function cacheFromRows(
  config: TransformerConfig,
  rows: readonly { readonly row?: CachedRow; readonly length: number }[],
): KeyValueCache {
  if (rows.every(({ length }) => length === 0)) return emptyCache(config, rows.length)
  const slots = Math.max(...rows.map(({ length }) => length))
  const layers = Array.from({ length: config.layers }, (_, index) =>
    tf.tidy(() => {
      const parts = rows.map(({ row, length }): CacheLayer => {
        const heads = config.keyValueHeads
        const size = config.headSize
        if (row === undefined || length === 0)
          return { keys: tf.zeros([1, heads, size, slots]), values: tf.zeros([1, heads, slots, size]) }
        const layer = row.layers[index]!
        return padSlots(
          {
            keys: tf.slice(layer.keys, [0, 0, 0, 0], [1, heads, size, length]),
            values: tf.slice(layer.values, [0, 0, 0, 0], [1, heads, length, size]),
          },
          slots,
        )
      })
      return {
        keys: tf.concat(
          parts.map(({ keys }) => keys),
          0,
        ),
        values: tf.concat(
          parts.map(({ values }) => values),
          0,
        ),
      }
    }),
  )
  return {
    slots,
    layers,
    valid: rows.map(({ length }) => new Uint8Array(slots).fill(1, 0, length)),
    lengths: rows.map(({ length }) => length),
  }
}

export const cachedRowBytes = (config: TransformerConfig, length: number): number =>
  2 * 4 * config.layers * config.keyValueHeads * config.headSize * length

/** Frees the tensors of a cache or a cached row. */
export function disposeCache(cache: KeyValueCache | CachedRow): void {
  for (const { keys, values } of cache.layers) tf.dispose([keys, values])
}
