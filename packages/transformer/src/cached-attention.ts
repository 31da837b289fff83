/**
 * Attention of new tokens to cached ones, growing the cache. Two ways with one result:
 * on wasm our kernel writes into slots held in reserve and every row is dense; elsewhere slots are joined on and ragged rows masked.
 */
import * as tf from "@tensorflow/tfjs-core"
import type { CacheLayer } from "./cache-layers.ts"
import type { Kernels } from "./kernels.ts"
import type { KeyValueCache } from "./key-value-cache.ts"
import { growLayer, type LayerParts, partsOf } from "./recent-slots.ts"
import { sharedAttention } from "./shared-attention.ts"
import { isSliding } from "./sliding-window.ts"
import { softCap } from "./soft-cap.ts"
import type { TransformerConfig } from "./transformer-config.ts"

/** Attends in layer `index`: q, k, v are [rows · width, heads · headSize], rotated; so is the result, like q. */
type ChunkAttention = (index: number, q: tf.Tensor2D, k: tf.Tensor2D, v: tf.Tensor2D) => tf.Tensor2D

/** `attend` is called once a layer, then `finish`, which uses up the old cache. */
export interface Growth {
  attend: ChunkAttention
  finish(): KeyValueCache
}

/** Slots are added in blocks of this many. */
const block = 64

/** In place, by the wasm kernel. Row r gets counts[r] tokens of the chunk's `max(counts)`. */
export function growInPlace(
  kernels: Kernels,
  config: TransformerConfig,
  cache: KeyValueCache,
  counts: readonly number[],
): Growth {
  const { heads, keyValueHeads: groups, headSize: size } = config
  const rows = counts.length
  const width = Math.max(...counts)
  const lengths = cache.lengths.map((length, r) => length + counts[r]!)
  const needed = Math.max(...lengths)
  const fits = cache.slots >= needed && cache.slots % 4 === 0
  const slots = fits ? cache.slots : Math.ceil((needed + 1) / block) * block
  const dense = cache.valid.every((flags, r) => flags.subarray(0, cache.lengths[r]).every((flag) => flag === 1))
  if (!dense) throw new Error("The wasm kernels need a cache without holes; this one was made on another backend.")
  const layers = fits ? cache.layers : cache.layers.map((layer) => reserve(kernels, layer, slots))
  const before = tf.tensor1d([...cache.lengths], "int32")
  const added = tf.tensor1d([...counts], "int32")
  return {
    attend(index, q, k, v) {
      const { keys, values } = layers[index]!
      const out = kernels.make<tf.Tensor2D>(q.shape)
      const { at } = kernels
      const scratch = kernels.scratch(4 * slots + 4 * size)
      const tensors = [q, k, v, keys, values, before, added, out].map(at)
      kernels.attendCached(...tensors, scratch, rows, width, heads, groups, size, slots)
      return out
    },
    finish() {
      tf.dispose([before, added])
      return { slots, layers, lengths, valid: lengths.map((length) => new Uint8Array(slots).fill(1, 0, length)) }
    },
  }
}

/** A layer with room for `slots` tokens; frees the old one. */
function reserve(kernels: Kernels, { keys, values }: CacheLayer, slots: number): CacheLayer {
  const [rows, groups, size, old] = keys.shape
  const wide: CacheLayer = {
    keys: kernels.make<tf.Tensor4D>([rows, groups, size, slots]),
    values: kernels.make<tf.Tensor4D>([rows, groups, slots, size]),
  }
  if (old > 0) {
    kernels.copyRows(kernels.at(keys), old, kernels.at(wide.keys), slots, rows * groups * size, old)
    kernels.copyRows(kernels.at(values), old * size, kernels.at(wide.values), slots * size, rows * groups, old * size)
  }
  tf.dispose([keys, values])
  return wide
}

/** By joining new slots on to the recent ones. Any backend. */
export function growByJoining(config: TransformerConfig, cache: KeyValueCache, counts: readonly number[]): Growth {
  const { heads, keyValueHeads: groups, headSize: size } = config
  const rows = counts.length
  const width = Math.max(...counts)
  const share = heads / groups
  const slots = cache.slots + width
  const valid = cache.valid.map((old, r) => {
    const flags = new Uint8Array(slots)
    flags.set(old)
    return flags.fill(1, cache.slots, cache.slots + counts[r]!)
  })
  const maskFor = (window?: number): tf.Tensor4D =>
    tf.tensor4d(chunkMask(valid, cache.slots, width, window), [rows, 1, width, slots])
  const { slidingWindow: window = slots } = config
  const mask = maskFor()
  const slidingMask = window < slots ? maskFor(window) : undefined
  const shared = sharedAttention(config, cache, width)
  const grown: LayerParts[] = []
  const byHead = (x: tf.Tensor, count: number, order: number[]): tf.Tensor4D =>
    tf.transpose(tf.reshape(x, [rows, width, count, size]), order) as tf.Tensor4D
  return {
    attend(index, q, k, v) {
      const added = { keys: byHead(k, groups, [0, 2, 3, 1]), values: byHead(v, groups, [0, 2, 1, 3]) }
      const layer = growLayer(partsOf(cache, index), added)
      grown.push(layer)
      const parts = layer.recent === undefined ? [layer.rest] : [layer.rest, layer.recent]
      const queries = tf.reshape(byHead(tf.mul(q, 1 / Math.sqrt(size)), heads, [0, 2, 1, 3]), [
        rows * groups,
        share * width,
        size,
      ])
      const scores = tf.concat(
        parts.map(({ keys }) => tf.matMul(queries, tf.reshape(keys, [rows * groups, size, keys.shape[3]]))),
        2,
      )
      const capped = softCap(tf.reshape(scores, [rows, heads, width, slots]), config.attentionSoftCap)
      const seen = (isSliding(config, index) ? slidingMask : undefined) ?? mask
      const { probabilities, fromPrefixes } = shared.normalise(index, queries, tf.add(capped, seen))
      const weights = tf.reshape(probabilities, [rows * groups, share * width, slots])
      let from = 0
      const mixed = tf.addN(
        parts.map(({ values }) => {
          const count = values.shape[2]
          const own = parts.length === 1 ? weights : tf.slice(weights, [0, 0, from], [-1, -1, count])
          from += count
          return tf.matMul(own, tf.reshape(values, [rows * groups, count, size]))
        }),
      )
      const all = fromPrefixes === undefined ? mixed : tf.add(mixed, fromPrefixes)
      const output = tf.transpose(tf.reshape(all, [rows, heads, width, size]), [0, 2, 1, 3])
      return tf.reshape(output, [rows * width, heads * size])
    },
    finish() {
      tf.dispose([mask, slidingMask ?? []])
      shared.dispose()
      const recent = grown.flatMap((layer) => layer.recent ?? [])
      return {
        slots,
        layers: grown.map(({ rest }) => rest),
        recent: recent.length > 0 ? { slots: recent[0]!.keys.shape[3], layers: recent } : undefined,
        prefixes: cache.prefixes,
        valid,
        lengths: cache.lengths.map((length, r) => length + counts[r]!),
      }
    },
  }
}

/**
 * Additive mask [rows, 1, width, slots]: old slots where valid; new ones up to the token itself. With a `window`, of
 * these the last so many: holes are no positions.
 */
function chunkMask(
  valid: readonly Uint8Array[],
  old: number,
  width: number,
  window = Number.POSITIVE_INFINITY,
): Float32Array {
  const slots = old + width
  const mask = new Float32Array(valid.length * width * slots)
  valid.forEach((flags, r) => {
    for (let c = 0; c < width; c++) {
      const at = (r * width + c) * slots
      let seen = 0
      for (let s = slots - 1; s >= 0; s--) {
        const visible = flags[s] === 1 && s <= old + c && seen < window
        if (visible) seen++
        else mask[at + s] = -1e9
      }
    }
  })
  return mask
}
