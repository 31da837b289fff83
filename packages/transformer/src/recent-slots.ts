/**
 * Slots that a cache got last, apart from the rest: a decode step copies those, not all that every row has ever read.
 * Invariant: they lie behind the others, so slot numbers and masks are as if they were one.
 */
import * as tf from "@tensorflow/tfjs-core"
import { type CacheLayer, replaceLayers } from "./cache-layers.ts"

/** A few steps' worth: copying them costs little beside a step, and joining them to the rest is seldom. */
const most = 32

/** What has slots, the newest apart from the others. */
interface Slotted {
  layers: readonly CacheLayer[]
  recent?: { layers: readonly CacheLayer[] }
}

/** The slots of a layer, in one or two tensors of keys and values, the older first. */
export interface LayerParts {
  rest: CacheLayer
  recent?: CacheLayer
}

export const partsOf = ({ layers, recent }: Slotted, index: number): LayerParts => ({
  rest: layers[index]!,
  recent: recent?.layers[index],
})

/** All slots of one row. */
export function layerOfRow({ rest, recent }: LayerParts, row: number): CacheLayer {
  const [older, ...newer] = [rest, ...(recent ? [recent] : [])].map(
    ({ keys, values }): CacheLayer => ({ keys: tf.slice(keys, row, 1), values: tf.slice(values, row, 1) }),
  )
  return newer.reduce(joinSlots, older!)
}

const slotsIn = ({ keys }: CacheLayer): number => keys.shape[3]

const joinSlots = (before: CacheLayer, after: CacheLayer): CacheLayer => ({
  keys: tf.concat([before.keys, after.keys], 3),
  values: tf.concat([before.values, after.values], 2),
})

/** A layer's slots and new ones behind them, which are the caller's to keep. What it no longer needs of the old is freed. */
export function growLayer({ rest, recent }: LayerParts, added: CacheLayer): LayerParts {
  const kept = (layer: CacheLayer): CacheLayer => ({ keys: tf.keep(layer.keys), values: tf.keep(layer.values) })
  if (slotsIn(rest) === 0) {
    tf.dispose(rest)
    return { rest: kept(added) }
  }
  if (recent === undefined) return { rest, recent: kept(added) }
  const isFull = slotsIn(recent) + slotsIn(added) > most
  const grown = isFull
    ? { rest: kept(joinSlots(rest, recent)), recent: kept(added) }
    : { rest, recent: kept(joinSlots(recent, added)) }
  tf.dispose(isFull ? [rest, recent] : recent)
  return grown
}

/** The same cache with all slots in one; the old one is used up. */
export function withoutRecent<Cache extends Slotted>(cache: Cache): Cache {
  const { recent } = cache
  if (recent === undefined) return cache
  const layers = replaceLayers(cache.layers, (layer, index) => joinSlots(layer, recent.layers[index]!))
  tf.dispose(recent.layers.flatMap(({ keys, values }) => [keys, values]))
  return { ...cache, layers, recent: undefined }
}
