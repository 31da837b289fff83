// Feeding new tokens to rows that have a cache: one token a row when decoding, many when a prompt comes in.
// Invariant: appending in any chunking gives the logits of the uncached forward.

import * as tf from "@tensorflow/tfjs-core"
import { checkId } from "./batch.ts"
import type { CacheLayer, KeyValueCache } from "./cache.ts"
import { finalNorm } from "./forward.ts"
import { gated } from "./layer.ts"
import { linear } from "./linear.ts"
import { type TransformerModel, weightOf } from "./model.ts"
import { rmsNorm } from "./norm.ts"
import { embeddingName, headName, type LayerPart, layerName } from "./parameters.ts"
import { makeRotation, type Rotation, rotate } from "./rotary.ts"

type Chunk = { readonly rows: number; readonly width: number; readonly mask: tf.Tensor4D; readonly rotation: Rotation }

/**
 * Feeds `tokens[row]` (at least one each, lengths may differ) to every row. Returns the logits after each row's last
 * token, [rows · vocabulary] on the host, and the grown cache; the old cache is freed.
 */
export function append(
  model: TransformerModel,
  cache: KeyValueCache,
  tokens: readonly (readonly number[])[],
): { logits: Float32Array; cache: KeyValueCache } {
  const { config } = model
  const rows = tokens.length
  const width = Math.max(...tokens.map((row) => row.length))
  const slots = cache.slots + width
  const ids = new Int32Array(rows * width)
  const positions = new Int32Array(rows * width)
  const last = new Int32Array(rows)
  const valid = tokens.map((row, r) => {
    for (const id of row) checkId(config, id)
    ids.set(row, r * width)
    for (let c = 0; c < width; c++) positions[r * width + c] = cache.lengths[r]! + c
    last[r] = r * width + row.length - 1
    const flags = new Uint8Array(slots)
    flags.set(cache.valid[r]!)
    return flags.fill(1, cache.slots, cache.slots + row.length)
  })
  const layers: CacheLayer[] = []
  const result = tf.tidy(() => {
    const chunk: Chunk = {
      rows,
      width,
      mask: tf.tensor4d(maskOf(valid, cache.slots, width), [rows, 1, width, slots]),
      rotation: makeRotation(config, positions),
    }
    let x = tf.gather(weightOf(model, embeddingName), tf.tensor1d(ids, "int32")) as tf.Tensor2D
    for (let index = 0; index < config.layers; index++)
      x = tf.tidy(() => {
        const next = appendLayer(model, index, chunk, cache.layers[index]!, x)
        layers.push({ keys: tf.keep(next.keys), values: tf.keep(next.values) })
        return next.output
      })
    const states = width === 1 ? x : (tf.gather(x, tf.tensor1d(last, "int32")) as tf.Tensor2D)
    return linear(model, headName(config), finalNorm(model, states))
  })
  const logits = result.dataSync() as Float32Array
  result.dispose()
  for (const { keys, values } of cache.layers) tf.dispose([keys, values])
  return { logits, cache: { slots, layers, valid, lengths: tokens.map((row, r) => cache.lengths[r]! + row.length) } }
}

/** Additive mask [rows, 1, width, slots]: old slots where valid; new ones up to the token itself. */
function maskOf(valid: readonly Uint8Array[], old: number, width: number): Float32Array {
  const slots = old + width
  const mask = new Float32Array(valid.length * width * slots)
  valid.forEach((flags, r) => {
    for (let c = 0; c < width; c++) {
      const at = (r * width + c) * slots
      for (let s = 0; s < slots; s++) if (flags[s] === 0 || s > old + c) mask[at + s] = -1e9
    }
  })
  return mask
}

function appendLayer(model: TransformerModel, index: number, chunk: Chunk, cache: CacheLayer, x: tf.Tensor2D) {
  const { config } = model
  const name = (part: LayerPart): string => layerName(index, part)
  const normed = rmsNorm(x, weightOf(model, name("input_layernorm")), config.normEpsilon)
  const q = rotate(linear(model, name("self_attn.q_proj"), normed), chunk.rotation)
  const k = rotate(linear(model, name("self_attn.k_proj"), normed), chunk.rotation)
  const v = linear(model, name("self_attn.v_proj"), normed)
  const { output, keys, values } = cachedAttention(model, chunk, cache, q, k, v)
  const middle = tf.add(x, linear(model, name("self_attn.o_proj"), output)) as tf.Tensor2D
  const normedMiddle = rmsNorm(middle, weightOf(model, name("post_attention_layernorm")), config.normEpsilon)
  const inner = gated(
    linear(model, name("mlp.gate_proj"), normedMiddle),
    linear(model, name("mlp.up_proj"), normedMiddle),
  )
  return { output: tf.add(middle, linear(model, name("mlp.down_proj"), inner)) as tf.Tensor2D, keys, values }
}

/** q, k, v are [rows · width, heads · size]; the new keys and values are joined to the cache. */
function cachedAttention(
  model: TransformerModel,
  chunk: Chunk,
  cache: CacheLayer,
  q: tf.Tensor2D,
  k: tf.Tensor2D,
  v: tf.Tensor2D,
) {
  const { heads, keyValueHeads: groups, headSize: size } = model.config
  const { rows, width } = chunk
  const share = heads / groups
  const byHead = (x: tf.Tensor2D, count: number, order: number[]): tf.Tensor => {
    const shaped = tf.reshape(x, [rows, width, count, size])
    return tf.transpose(shaped, order)
  }
  const newKeys = byHead(k, groups, [0, 2, 3, 1]) as tf.Tensor4D
  const newValues = byHead(v, groups, [0, 2, 1, 3]) as tf.Tensor4D
  const old = cache.keys.shape[3]
  const keys = old === 0 ? newKeys : tf.concat([cache.keys, newKeys], 3)
  const values = old === 0 ? newValues : tf.concat([cache.values, newValues], 2)
  const slots = old + width
  const queries = tf.reshape(byHead(tf.mul(q, 1 / Math.sqrt(size)), heads, [0, 2, 1, 3]), [
    rows * groups,
    share * width,
    size,
  ])
  const scores = tf.matMul(queries as tf.Tensor3D, tf.reshape(keys, [rows * groups, size, slots]) as tf.Tensor3D)
  const probabilities = tf.softmax(tf.add(tf.reshape(scores, [rows, heads, width, slots]), chunk.mask))
  const mixed = tf.matMul(
    tf.reshape(probabilities, [rows * groups, share * width, slots]) as tf.Tensor3D,
    tf.reshape(values, [rows * groups, slots, size]) as tf.Tensor3D,
  )
  const output = tf.reshape(tf.transpose(tf.reshape(mixed, [rows, heads, width, size]), [0, 2, 1, 3]), [
    rows * width,
    heads * size,
  ])
  return { output: output as tf.Tensor2D, keys, values }
}
