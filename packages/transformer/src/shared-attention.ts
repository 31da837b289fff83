/**
 * The share of attention that goes to prefixes which several rows hold once: one product a prefix for all its rows,
 * normalised together with each row's own slots.
 */
import * as tf from "@tensorflow/tfjs-core"
import { type KeyValueCache, sharedTokens } from "./key-value-cache.ts"
import { isSliding } from "./sliding-window.ts"
import { softCap } from "./soft-cap.ts"
import type { TransformerConfig } from "./transformer-config.ts"

/**
 * `queries` are [rows · groups, share · width, size], `scores` of the rows' own slots [rows, heads, width, slots] with
 * their mask added. Returns the probabilities of the own slots and what the prefixes add to the output, shaped like queries.
 */
export interface SharedAttention {
  normalise(
    index: number,
    queries: tf.Tensor,
    scores: tf.Tensor,
  ): { probabilities: tf.Tensor; fromPrefixes?: tf.Tensor }
  dispose(): void
}

export function sharedAttention(config: TransformerConfig, cache: KeyValueCache, width: number): SharedAttention {
  const { heads, keyValueHeads: groups, headSize: size } = config
  const { prefixes = [] } = cache
  const inner = (heads / groups) * width
  if (prefixes.length === 0)
    return { normalise: (_, __, scores) => ({ probabilities: tf.softmax(scores) }), dispose() {} }
  const parts = segments(cache)
  const { slidingWindow } = config
  /** Additive, [1, rows, 1 or inner, prefix]: what a row uses of its prefix, and of that what lies in the window of its token. */
  const masksFor = (window?: number) =>
    parts.map(({ prefix, first, rows }) => {
      if (prefix === undefined) return undefined
      const { length } = prefix
      const used = Array.from({ length: rows }, (_, i) => sharedTokens(cache, first + i))
      const from = (i: number, token: number): number =>
        window === undefined ? 0 : Math.max(0, cache.lengths[first + i]! + token - window + 1)
      if (used.every((tokens, i) => tokens === length && from(i, width - 1) === 0)) return undefined
      const queries = window === undefined || width === 1 ? 1 : inner
      const data = new Float32Array(rows * queries * length)
      for (let q = 0; q < rows * queries; q++) {
        const i = Math.floor(q / queries)
        data.fill(-1e9, q * length, q * length + Math.min(length, from(i, q % width)))
        data.fill(-1e9, q * length + used[i]!, (q + 1) * length)
      }
      return tf.tensor4d(data, [1, rows, queries, length])
    })
  const masks = masksFor()
  const slidingMasks = slidingWindow === undefined ? masks : masksFor(slidingWindow)
  return {
    normalise(index, queries, scores) {
      const slots = scores.shape[3]!
      const results = parts.map(({ prefix, first, rows }, part) => {
        const own = tf.slice(tf.reshape(scores, [-1, groups, inner, slots]), [first, 0, 0, 0], [rows, -1, -1, -1])
        if (prefix === undefined)
          return { probabilities: tf.softmax(own), output: tf.zeros([rows, groups, inner, size]) }
        const { keys, values } = prefix.layers[index]!
        const here = tf.slice(tf.reshape(queries, [-1, groups, inner, size]), [first, 0, 0, 0], [rows, -1, -1, -1])
        const byGroup = tf.reshape(tf.transpose(here, [1, 0, 2, 3]), [groups, rows * inner, size])
        const product = tf.reshape(tf.matMul(byGroup, tf.reshape(keys, [groups, size, prefix.length])), [
          groups,
          rows,
          inner,
          prefix.length,
        ])
        const mask = (isSliding(config, index) ? slidingMasks : masks)[part]
        const capped = softCap(product, config.attentionSoftCap)
        const before = mask === undefined ? capped : tf.add(capped, mask)
        const joint = tf.softmax(tf.concat([before, tf.transpose(own, [1, 0, 2, 3])], 3))
        const toPrefix = tf.slice(joint, [0, 0, 0, 0], [-1, -1, -1, prefix.length])
        const toOwn = tf.slice(joint, [0, 0, 0, prefix.length], [-1, -1, -1, slots])
        const output = tf.matMul(
          tf.reshape(toPrefix, [groups, rows * inner, prefix.length]),
          tf.reshape(values, [groups, prefix.length, size]),
        )
        return {
          probabilities: tf.transpose(toOwn, [1, 0, 2, 3]),
          output: tf.transpose(tf.reshape(output, [groups, rows, inner, size]), [1, 0, 2, 3]),
        }
      })
      return {
        probabilities: tf.concat(results.map(({ probabilities }) => probabilities)),
        fromPrefixes: tf.reshape(tf.concat(results.map(({ output }) => output)), queries.shape),
      }
    },
    dispose: () => tf.dispose([...masks, ...slidingMasks].filter((mask) => mask !== undefined)),
  }
}

/** All rows in order, as runs that share a prefix or have none. */
function segments({ prefixes = [], lengths }: KeyValueCache) {
  const parts: { prefix?: (typeof prefixes)[number]; first: number; rows: number }[] = []
  let at = 0
  for (const prefix of prefixes) {
    if (prefix.first > at) parts.push({ first: at, rows: prefix.first - at })
    parts.push({ prefix, first: prefix.first, rows: prefix.rows })
    at = prefix.first + prefix.rows
  }
  if (at < lengths.length) parts.push({ first: at, rows: lengths.length - at })
  return parts
}
